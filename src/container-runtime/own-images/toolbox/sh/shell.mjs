import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { run as mkdir } from '../tools/mkdir.mjs';
import { run as rm } from '../tools/rm.mjs';
import { run as test } from '../tools/test.mjs';
import { run as touch } from '../tools/touch.mjs';
import { seconds } from '../tools/sleep.mjs';
import { expandText, expandWord } from './expand.mjs';
import { parse } from './parse.mjs';

/** How a script leaves: `exit`, or `break`, `continue`, `return`. */
export class Leave extends Error {
  constructor(how, code) {
    super(how);
    this.how = how;
    this.code = code;
  }
}

function write(to, text) {
  if (typeof to === 'number') writeSync(to, text);
  else to.write(text);
}

const builtins = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo(shell, args, io) {
    const isOpen = args[0] === '-n';
    const isRaw = args[0] !== '-e';
    const text = args.slice(isOpen || !isRaw ? 1 : 0).join(' ');
    write(io[1], (isRaw ? text : text.replaceAll('\\n', '\n').replaceAll('\\t', '\t')) + (isOpen ? '' : '\n'));
  },
  test: (shell, args) => test(args, 'test'),
  '[': (shell, args) => test(args, '['),
  // tools that say nothing run here: quicker, and they leave the input to who reads it
  mkdir: (shell, args) => mkdir(args),
  rm: (shell, args) => rm(args),
  touch: (shell, args) => touch(args),
  pwd: (shell, args, io) => write(io[1], `${process.cwd()}\n`),
  cd: (shell, [folder]) => process.chdir(folder ?? shell.variables.get('HOME') ?? '/'),
  exit(shell, [code]) {
    throw new Leave('exit', Number(code ?? shell.status));
  },
  return(shell, [code]) {
    throw new Leave('return', Number(code ?? shell.status));
  },
  break() {
    throw new Leave('break', 0);
  },
  continue() {
    throw new Leave('continue', 0);
  },
  export(shell, args) {
    for (const arg of args) if (arg.includes('=')) shell.variables.set(...arg.split(/=(.*)/s));
  },
  unset(shell, names) {
    for (const name of names) shell.variables.delete(name);
  },
  set(shell, args) {
    for (const arg of args) if (/^[-+][eux]+$/.test(arg) && arg.includes('e')) shell.errexit = arg.startsWith('-');
  },
  kill(shell, args) {
    const signal = args[0]?.startsWith('-') ? args.shift().slice(1).replace(/^SIG/, '') : 'TERM';
    for (const pid of args) process.kill(Number(pid), /^\d+$/.test(signal) ? Number(signal) : `SIG${signal}`);
  },
  shift: (shell) => void shell.args.splice(1, 1),
  sleep: (shell, args) => shell.pause(args.map(seconds).reduce((sum, value) => sum + value, 0)),
  trap(shell, [action, ...signals]) {
    for (const signal of signals) shell.traps.set(signal.replace(/^SIG/, ''), action);
  },
  async wait(shell) {
    await Promise.allSettled(shell.background);
    shell.background = [];
  },
  async eval(shell, args, io) {
    return shell.run(parse(args.join(' ')), io);
  },
  async read(shell, names, io) {
    const line = await readLine(io[0]);
    const words = (line ?? '').split(/\s+/);
    names.forEach((name, index) =>
      shell.variables.set(name, index === names.length - 1 ? words.slice(index).join(' ') : (words[index] ?? '')),
    );
    return line === undefined ? 1 : 0;
  },
  async exec(shell, args, io) {
    if (args.length > 0) throw new Leave('exit', await shell.external(args, io));
  },
};

const lineBuffers = new WeakMap();

/** One line of a descriptor or stream, byte by byte or from what is buffered; undefined at the end. */
async function readLine(from) {
  if (typeof from === 'number') return readLineSync(from);
  let state = lineBuffers.get(from);
  if (!state) lineBuffers.set(from, (state = { chunks: from[Symbol.asyncIterator](), text: '' }));
  while (!state.text.includes('\n')) {
    const next = await state.chunks.next();
    if (next.done) break;
    state.text += next.value;
  }
  if (state.text === '') return undefined;
  const end = state.text.indexOf('\n') + 1 || state.text.length + 1;
  const line = state.text.slice(0, end - 1);
  state.text = state.text.slice(end);
  return line;
}

async function readLineSync(from) {
  const { readSync } = await import('node:fs');
  const byte = Buffer.alloc(1);
  const bytes = [];
  for (;;) {
    let count;
    try {
      count = readSync(from, byte);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    if (count === 0) return bytes.length > 0 ? Buffer.from(bytes).toString() : undefined;
    if (byte[0] === 10) return Buffer.from(bytes).toString();
    bytes.push(byte[0]);
  }
}

export class Shell {
  constructor({ variables, args }) {
    this.variables = variables;
    this.args = args;
    this.status = 0;
    this.errexit = false;
    this.traps = new Map();
    this.children = new Set();
    this.background = [];
  }

  /** A shell of its own for what runs beside: it sees the variables and changes none. */
  fork() {
    const copy = new Shell({ variables: new Map(this.variables), args: [...this.args] });
    copy.status = this.status;
    copy.children = this.children;
    return copy;
  }

  async run(node, io) {
    const code = await this[node.type](node, io);
    this.status = code ?? 0;
    return this.status;
  }

  async list({ items }, io) {
    for (const { node, background } of items) {
      if (background) {
        this.background.push(this.fork().leaving(node, io));
        this.status = 0;
        continue;
      }
      await this.run(node, io);
      if (this.errexit && this.status !== 0 && node.type !== 'and' && node.type !== 'or')
        throw new Leave('exit', this.status);
    }
    return this.status;
  }

  async and({ left, right }, io) {
    const code = await this.quietly(left, io);
    return code === 0 ? this.run(right, io) : code;
  }

  async or({ left, right }, io) {
    const code = await this.quietly(left, io);
    return code === 0 ? code : this.run(right, io);
  }

  /** Runs what is asked for its outcome: a failure there is an answer. */
  async quietly(node, io) {
    const before = this.errexit;
    this.errexit = false;
    try {
      return await this.run(node, io);
    } finally {
      this.errexit = before;
    }
  }

  async pipe({ stages, negated }, io) {
    const pipes = stages.slice(1).map(() => new PassThrough());
    const codes = await Promise.all(
      stages.map(async (stage, index) => {
        const own = { ...io, 0: pipes[index - 1] ?? io[0], 1: pipes[index] ?? io[1] };
        const code = await (stages.length > 1 ? this.fork().leaving(stage, own) : this.run(stage, own));
        pipes[index]?.end();
        pipes[index - 1]?.destroy();
        return code;
      }),
    );
    return negated ? Number(codes.at(-1) === 0) : codes.at(-1);
  }

  async group({ body, subshell, redirects }, io) {
    const folder = process.cwd();
    try {
      return await this.redirected(redirects, io, (own) =>
        subshell ? this.fork().leaving(body, own) : this.run(body, own),
      );
    } finally {
      if (subshell) process.chdir(folder);
    }
  }

  async if({ branches, otherwise, redirects }, io) {
    return this.redirected(redirects, io, async (own) => {
      for (const [condition, body] of branches)
        if ((await this.quietly(condition, own)) === 0) return this.run(body, own);
      return otherwise ? this.run(otherwise, own) : 0;
    });
  }

  async loop({ condition, body, until, redirects }, io) {
    return this.redirected(redirects, io, (own) =>
      this.looping(async () => ((await this.quietly(condition, own)) === 0) !== until, body, own),
    );
  }

  async for({ name, words, body, redirects }, io) {
    const values = (await Promise.all(words.map((word) => expandWord(this, word)))).flat();
    const next = () => {
      if (values.length === 0) return false;
      this.variables.set(name, values.shift());
      return true;
    };
    return this.redirected(redirects, io, (own) => this.looping(next, body, own));
  }

  async looping(goesOn, body, io) {
    let code = 0;
    while (await goesOn()) {
      try {
        code = await this.run(body, io);
        await new Promise((resolve) => setImmediate(resolve)); // let signals through
      } catch (error) {
        if (!(error instanceof Leave) || !['break', 'continue'].includes(error.how)) throw error;
        if (error.how === 'break') break;
      }
    }
    return code;
  }

  async simple({ assigns, words, redirects }, io) {
    const args = (await sequence(words, (word) => expandWord(this, word))).flat();
    const values = await sequence(assigns, async ([name, word]) => [name, await expandText(this, word)]);
    if (args.length === 0) for (const [name, value] of values) this.variables.set(name, value);
    return this.redirected(redirects, io, (own) => (args.length === 0 ? this.status : this.invoke(args, own, values)));
  }

  async invoke(args, io, extra) {
    const builtin = Object.hasOwn(builtins, args[0]) ? builtins[args[0]] : undefined;
    if (!builtin) return this.external(args, io, extra);
    try {
      return Number((await builtin(this, args.slice(1), io)) ?? 0);
    } catch (error) {
      if (error instanceof Leave) throw error;
      write(io[2], `sh: ${args[0]}: ${error.message}\n`);
      return 1;
    }
  }

  async external([name, ...args], io, extra = []) {
    const path = this.find(name);
    if (!path) {
      write(io[2], `sh: ${name}: not found\n`);
      return 127;
    }
    const env = { ...Object.fromEntries(this.variables), ...Object.fromEntries(extra) };
    const stdio = [0, 1, 2].map((number) => (typeof io[number] === 'number' ? io[number] : 'pipe'));
    const child = spawn(path, args, { stdio, env, argv0: name });
    this.children.add(child);
    child.stdin?.on('error', () => {});
    if (child.stdin) io[0].pipe(child.stdin);
    const flows = [1, 2].flatMap((number) => (child.stdio[number] ? [flow(child.stdio[number], io[number])] : []));
    const code = await new Promise((resolve) => {
      child.once('error', (error) => (write(io[2], `sh: ${name}: ${error.message}\n`), resolve(126)));
      child.once('exit', (exit, signal) => resolve(exit ?? 128 + (signalNumbers[signal] ?? 0)));
    });
    await Promise.all(flows);
    this.children.delete(child);
    return code;
  }

  find(name) {
    const folders = name.includes('/')
      ? ['']
      : (this.variables.get('PATH') ?? '/bin:/usr/bin').split(':').map((folder) => `${folder}/`);
    return folders.map((folder) => folder + name).find((path) => isProgram(path));
  }

  async redirected(redirects, io, work) {
    const own = { ...io };
    const opened = [];
    try {
      for (const { from, kind, target } of redirects ?? []) {
        const name = await expandText(this, target);
        if (kind.endsWith('&')) own[from] = own[Number(name)];
        else opened.push((own[from] = openSync(name, { '>': 'w', '>>': 'a', '<': 'r' }[kind])));
      }
      return await work(own);
    } catch (error) {
      if (error instanceof Leave || !error.syscall) throw error;
      write(io[2], `sh: ${error.path}: ${error.code === 'ENOENT' ? 'No such file or directory' : error.message}\n`);
      return 1;
    } finally {
      for (const file of opened) closeSync(file);
    }
  }

  /** Runs a part that leaves by itself alone. */
  async leaving(node, io) {
    try {
      return await this.run(node, io);
    } catch (error) {
      if (error instanceof Leave) return error.code;
      throw error;
    }
  }

  /** What commands write, as text. */
  async capture(node) {
    const out = new PassThrough();
    const chunks = [];
    out.on('data', (chunk) => chunks.push(chunk));
    this.status = await this.fork().leaving(node, { 0: 0, 1: out, 2: 2 });
    await new Promise((resolve) => out.once('end', resolve).end());
    return Buffer.concat(chunks).toString();
  }

  async pause(length) {
    for (let left = length * 1000; left > 0; left -= 1e9)
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, 1e9)));
  }

  /** A signal runs what was said for it, or ends the children and the shell. */
  async signal(name, number) {
    const action = this.traps.get(name);
    if (action === '') return;
    for (const child of this.children) child.kill(`SIG${name}`);
    const code = action === undefined ? 128 + number : await this.leavingCode(parse(action));
    if (code !== undefined) process.exit(code);
  }

  async leavingCode(node) {
    try {
      await this.run(node, { 0: 0, 1: 1, 2: 2 });
      return undefined;
    } catch (error) {
      if (error instanceof Leave) return error.code;
      throw error;
    }
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 };

async function sequence(items, work) {
  const results = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function flow(from, to) {
  from.on('data', (chunk) =>
    typeof to === 'number' ? writeSync(to, chunk) : to.destroyed ? from.destroy() : to.write(chunk),
  );
  return new Promise((resolve) => from.once('close', resolve));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function readScript(file) {
  return readFileSync(file, 'utf8');
}
