const valued = new Set(['-T', '-O', '-o', '-m', '--timeout', '--max-time', '-X', '--request', '-d', '--data']);

/** get URL: prints the body; fails for an error or a status of 400 and above. Takes the common options of wget and curl. */
export async function run(args) {
  const given = new Map();
  const plain = [];
  for (let i = 0; i < args.length; i++) {
    const [name, attached] = args[i].split(/=(.*)/s);
    if (valued.has(name)) given.set(name, attached ?? args[++i]);
    else if (!name.startsWith('-') || name === '-') plain.push(args[i]);
  }
  const url = plain[0]?.includes('://') ? plain[0] : `http://${plain[0]}`;
  const seconds = Number(given.get('-T') ?? given.get('-m') ?? given.get('--timeout') ?? given.get('--max-time') ?? 10);
  const data = given.get('-d') ?? given.get('--data');
  const method = given.get('-X') ?? given.get('--request') ?? (data === undefined ? 'GET' : 'POST');
  try {
    const answer = await fetch(url, { method, body: data, signal: AbortSignal.timeout(seconds * 1000) });
    for await (const chunk of answer.body ?? []) process.stdout.write(chunk);
    if (answer.ok) return 0;
    console.error(`get: ${url}: ${answer.status} ${answer.statusText}`);
  } catch (error) {
    console.error(`get: ${url}: ${error.cause?.message || error.cause?.code || error.message}`);
  }
  return 1;
}
