const valued = new Set(['-t', '-T', '-O', '-o', '-m', '--timeout', '--max-time', '-X', '--request', '-d', '--data']);

function readArguments(args) {
  const given = new Map();
  const plain = [];
  for (let i = 0; i < args.length; i++) {
    const [name, attached] = args[i].split(/=(.*)/s);
    if (valued.has(name)) given.set(name, attached ?? args[++i]);
    else if (!name.startsWith('-') || name === '-') plain.push(args[i]);
  }
  if (plain.length === 0) throw new Error('usage: get URL [-t SECONDS]');
  return { target: plain[0], option: (...names) => given.get(names.find((name) => given.has(name))) };
}

/** get URL: prints the body; fails for an error or a status of 400 and above. Takes the common options of wget and curl. */
export async function run(args) {
  const { target, option } = readArguments(args);
  const url = target.includes('://') ? target : `http://${target}`;
  const seconds = Number(option('-t', '-T', '-m', '--timeout', '--max-time') ?? 10);
  const body = option('-d', '--data');
  const method = option('-X', '--request') ?? (body === undefined ? 'GET' : 'POST');
  try {
    const answer = await fetch(url, { method, body, signal: AbortSignal.timeout(seconds * 1000) });
    for await (const chunk of answer.body ?? []) process.stdout.write(chunk);
    if (answer.ok) return 0;
    console.error(`get: ${url}: ${answer.status} ${answer.statusText}`);
  } catch (error) {
    console.error(`get: ${url}: ${error.cause?.message || error.cause?.code || error.message}`);
  }
  return 1;
}
