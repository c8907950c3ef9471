import { createInterface } from 'node:readline';
import { parse } from '../sh/parse.mjs';
import { Leave, readScript, Shell } from '../sh/shell.mjs';

/** sh -c SCRIPT [NAME ARG...] | sh FILE [ARG...] | sh: a small POSIX shell, enough for the commands of manifests. */
export async function run(args) {
  while (/^-[elux]+$/.test(args[0] ?? '')) args.shift();
  const isCommand = /^-[elux]*c$/.test(args[0] ?? '');
  const script = isCommand ? args[1] : args[0] === undefined ? undefined : readScript(args[0]);
  const shell = new Shell({
    variables: new Map(Object.entries(process.env)),
    args: isCommand ? ['sh', ...args.slice(3)] : ['sh', ...args.slice(1)],
  });
  for (const [name, number] of [
    ['TERM', 15],
    ['INT', 2],
    ['HUP', 1],
  ])
    process.removeAllListeners(`SIG${name}`).on(`SIG${name}`, () => void shell.signal(name, number));
  const io = { 0: 0, 1: 1, 2: 2 };
  try {
    const code = script === undefined ? await interact(shell, io) : await shell.run(parse(script), io);
    process.exit(code);
  } catch (error) {
    if (!(error instanceof Leave)) console.error(`sh: ${error.message}`);
    process.exit(error instanceof Leave ? error.code : 2);
  }
}

/** Reads commands line by line; a prompt only for a person. */
async function interact(shell, io) {
  const isPerson = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: isPerson ? process.stdout : undefined,
    terminal: isPerson,
    prompt: '# ',
  });
  if (isPerson) lines.on('SIGINT', () => lines.prompt()).prompt();
  let pending = '';
  for await (const line of lines) {
    pending += `${line}\n`;
    let node;
    try {
      node = parse(pending);
    } catch (error) {
      if (/expected at ""/.test(error.message)) continue; // it goes on in the next line
      console.error(`sh: ${error.message}`);
    }
    pending = '';
    if (node) {
      if (isPerson) lines.pause();
      await shell.run(node, io).catch((error) => {
        if (error instanceof Leave) throw error;
        console.error(`sh: ${error.message}`);
      });
    }
    if (isPerson) lines.prompt();
  }
  return shell.status;
}
