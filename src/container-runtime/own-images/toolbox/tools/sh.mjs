import { createInterface } from 'node:readline';
import { parse } from '../sh/parse.mjs';
import { readLine } from '../sh/descriptors.mjs';
import { Leave, readScript, Shell } from '../sh/shell.mjs';

const signals = { TERM: 15, INT: 2, HUP: 1 };
const io = { 0: 0, 1: 1, 2: 2 };

/** sh [-e] -c SCRIPT [NAME ARG...] | sh [-e] FILE [ARG...] | sh: a small POSIX shell, enough for the commands of manifests. */
export async function run(args) {
  let letters = '';
  while (/^-[a-z]+$/.test(args[0] ?? '')) letters += args.shift().slice(1);
  const isCommand = letters.includes('c');
  const script = isCommand ? args.shift() : args[0] === undefined ? undefined : readScript(args[0]);
  const shell = new Shell({ variables: new Map(Object.entries(process.env)), args: args.length > 0 ? args : ['sh'] });
  shell.errexit = letters.includes('e');
  shell.isMain = true;
  for (const [name, number] of Object.entries(signals))
    process.removeAllListeners(`SIG${name}`).on(`SIG${name}`, () => void shell.signal(name, number));
  try {
    const code = script === undefined ? await interact(shell) : await shell.run(parse(script), io);
    await shell.end(code);
  } catch (error) {
    if (!(error instanceof Leave)) console.error(`sh: ${error.message}`);
    await shell.end(error instanceof Leave ? error.code : 2);
  }
}

/** Runs one command after the other as they come; a prompt only for a person. */
async function interact(shell) {
  shell.isInteractive = process.stdin.isTTY ?? false;
  const next = shell.isInteractive ? prompting(shell) : () => readLine(0);
  let pending = '';
  for (let line = await next(pending); line !== undefined; line = await next(pending)) {
    pending += `${line}\n`;
    try {
      const node = parse(pending);
      pending = '';
      await shell.run(node, io);
    } catch (error) {
      if (error instanceof Leave) throw error;
      if (/expected at ""/.test(error.message)) continue; // it goes on in the next line
      pending = '';
      console.error(`sh: ${error.message}`);
    }
  }
  return shell.status;
}

/** Asks for lines at the terminal. While a command runs nobody listens here: the terminal is the command's. */
function prompting(shell) {
  const sign = process.getuid() === 0 ? '#' : '$';
  const ahead = [];
  let history = [];
  return async (pending) => {
    if (ahead.length > 0) return ahead.shift();
    const prompt = pending === '' ? (shell.variables.get('PS1') ?? `${process.cwd()} ${sign} `) : '> ';
    const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: true, prompt, history });
    terminal.on('history', (lines) => (history = lines));
    terminal.on('SIGINT', () => {
      process.stdout.write('^C\n');
      terminal.line = '';
      terminal.cursor = 0;
      terminal.prompt();
    });
    terminal.prompt();
    await new Promise((resolve) => {
      terminal.on('line', (line) => {
        ahead.push(line); // what was pasted comes as several lines at once
        setImmediate(resolve);
      });
      terminal.once('close', resolve);
    });
    terminal.close();
    return ahead.shift();
  };
}
