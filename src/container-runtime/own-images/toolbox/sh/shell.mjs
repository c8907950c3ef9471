import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { run as mkdir } from '../tools/mkdir.mjs';
import { run as rm } from '../tools/rm.mjs';
import { run as test } from '../tools/test.mjs';
import { run as touch } from '../tools/touch.mjs';
import { seconds } from '../tools/sleep.mjs';
import { feed, flow, leave, NobodyReads, readLine, write } from './descriptors.mjs';
import { expandText, expandWord, matches } from './expand.mjs';
import { parse } from './parse.mjs';

/** How a script leaves: `exit`, or `break`, `continue`, `return`. */
export class Leave extends Error {
  constructor(how, code) {
    super(how);
    this.how = how;
    this.code = code;
  }
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
    if (args.includes('--')) shell.args = [shell.args[0], ...args.slice(args.indexOf('--') + 1)];
  },
  kill(shell, args) {
    const signal = args[0]?.startsWith('-') ? args.shift().slice(1).replace(/^SIG/, '') : 'TERM';
    for (const pid of args) {
      const job = shell.jobs.get(pid);
      if (job && signal !== '0') job.isKilled = true;
      process.kill(Number(pid), /^\d+$/.test(signal) ? Number(signal) : `SIG${signal}`);
    }
  },
  shift: (shell, [count = '1']) => void shell.args.splice(1, Number(count)),
  sleep: (shell, args) => shell.pause(args.map(seconds).reduce((sum, value) => sum + value, 0)),
  trap(shell, [action, ...signals]) {
    for (const signal of signals.map((name) => name.replace(/^SIG/, ''))) {
      if (action === '-') shell.traps.delete(signal);
      else shell.traps.set(signal, action);
    }
  },
  async wait(shell, pids) {
    const jobs = pids.length > 0 ? pids.map((pid) => shell.jobs.get(pid)) : [...shell.jobs.values()];
    const codes = await Promise.all(jobs.map((job) => job?.ended ?? 127));
    for (const job of jobs) if (job) shell.jobs.delete(job.pid);
    return pids.length > 0 ? codes.at(-1) : 0;
  },
  async eval(shell, args, io) {
    return shell.run(parse(args.join(' ')), io);
  },
  async read(shell, args, io) {
    const names = args.filter((arg) => !arg.startsWith('-'));
    const line = await readLine(io[0]);
    let rest = (line ?? '').trim();
    for (const [index, name] of names.entries()) {
      const [word, after] = index === names.length - 1 ? [rest, ''] : (/^(\S*)\s*([^]*)$/.exec(rest)?.slice(1) ?? []);
      shell.variables.set(name, word);
      rest = after;
    }
    return line === undefined ? 1 : 0;
  },
  command(shell, args, io) {
    if (args[0] !== '-v' && args[0] !== '-V') return shell.invoke(args, io, [], true);
    const name = args[1] ?? '';
    const found = Object.hasOwn(builtins, name) || shell.functions.has(name) ? name : shell.find(name);
    if (!found) return 1;
    write(io[1], `${found}\n`);
  },
  local: (shell, args) => builtins.export(shell, args),
  async exec(shell, args, io) {
    if (args.length === 0) return;
    const path = shell.find(args[0]);
    // redirections of descriptors are known to us alone: then the command is a child that we wait for
    const isPlain = shell.isMain && [0, 1, 2].every((number) => io[number] === number);
    if (path && isPlain) process.execve(path, args, Object.fromEntries(shell.variables));
    throw new Leave('exit', await shell.external(args, io));
  },
};

export class Shell {
  constructor({ variables, args }) {
    this.variables = variables;
    this.args = args;
    this.status = 0;
    this.errexit = false;
    this.traps = new Map();
    this.functions = new Map();
    this.children = new Set();
    /** What runs in the background, by the number of the process that `$!` names. */
    this.jobs = new Map();
    /** The job that this shell runs in. */
    this.job = undefined;
    this.loops = 0;
    this.isMain = false;
    this.isInteractive = false;
  }

  /** A shell of its own for what runs beside: it sees the variables and changes none. */
  fork() {
    const copy = new Shell({ variables: new Map(this.variables), args: [...this.args] });
    copy.status = this.status;
    for (const name of ['children', 'jobs', 'job', 'functions', 'errexit', 'loops', 'isInteractive'])
      copy[name] = this[name];
    return copy;
  }

  async run(node, io) {
    if (this.job?.isKilled) throw new Leave('exit', 143);
    const code = await this[node.type](node, io);
    this.status = code ?? 0;
    return this.status;
  }

  async list({ items }, io) {
    for (const { node, background } of items) {
      if (background) {
        await this.inBackground(node, io);
        this.status = 0;
        continue;
      }
      await this.run(node, io);
      if (this.errexit && this.status !== 0 && node.type !== 'and' && node.type !== 'or')
        throw new Leave('exit', this.status);
    }
    return this.status;
  }

  /** Begins a job. Its number is that of its first process, which is there when the next command is. */
  async inBackground(node, io) {
    const job = { pid: undefined, isKilled: false };
    const started = new Promise((resolve) => (job.started = resolve));
    const copy = this.fork();
    copy.job = job;
    job.ended = copy.leaving(node, { ...io, 0: undefined });
    await Promise.race([started, job.ended]);
    job.pid ??= String(process.pid); // it had none, and is over
    this.jobs.set(job.pid, job);
    this.lastBackground = job.pid;
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
    this.loops++;
    try {
      return await this.turning(goesOn, body, io);
    } finally {
      this.loops--;
    }
  }

  async turning(goesOn, body, io) {
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

  async case({ word, choices, redirects }, io) {
    const value = await expandText(this, word);
    for (const { patterns, body } of choices)
      for (const pattern of patterns)
        if (await matches(this, value, pattern)) return this.redirected(redirects, io, (own) => this.run(body, own));
    return 0;
  }

  define({ name, body }) {
    this.functions.set(name, body);
    return 0;
  }

  async call(body, args, io) {
    const before = this.args;
    this.args = [before[0], ...args];
    try {
      return await this.run(body, io);
    } catch (error) {
      if (error instanceof Leave && error.how === 'return') return error.code;
      throw error;
    } finally {
      this.args = before;
    }
  }

  async simple({ assigns, words, redirects }, io) {
    const args = (await sequence(words, (word) => expandWord(this, word))).flat();
    const values = await sequence(assigns, async ([name, word]) => [name, await expandText(this, word)]);
    if (args.length === 0) for (const [name, value] of values) this.variables.set(name, value);
    return this.redirected(redirects, io, (own) => (args.length === 0 ? this.status : this.invoke(args, own, values)));
  }

  async invoke(args, io, extra, skipsFunctions = false) {
    const body = skipsFunctions ? undefined : this.functions.get(args[0]);
    if (body) return this.call(body, args.slice(1), io);
    // where it must be possible to end it by a signal, `sleep` is a process
    const needsProcess = args[0] === 'sleep' && (this.job !== undefined || this.isInteractive);
    const builtin = !needsProcess && Object.hasOwn(builtins, args[0]) ? builtins[args[0]] : undefined;
    if (!builtin) return this.external(args, io, extra);
    try {
      return Number((await builtin(this, args.slice(1), io)) ?? 0);
    } catch (error) {
      if (error instanceof NobodyReads) throw new Leave('exit', 141);
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
    const stdio = [0, 1, 2].map((number) => (typeof io[number] === 'object' ? 'pipe' : (io[number] ?? 'ignore')));
    const child = spawn(path, args, { stdio, env, argv0: name });
    this.children.add(child);
    if (child.pid && this.job && !this.job.pid) this.job.started((this.job.pid = String(child.pid)));
    child.stdin?.on('error', () => {});
    if (child.stdin) void feed(child.stdin, io[0], this.loops > 0);
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
        if (kind === '<<') {
          own[from] = Readable.from([name]);
          continue;
        }
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

  /** A signal runs what was said for it, or ends the children and the shell. At a prompt Ctrl-C is only for the children, who get it from the terminal. */
  async signal(name, number) {
    const action = this.traps.get(name);
    if (action === '') return;
    if (action === undefined && this.isInteractive && name === 'INT') return;
    for (const child of this.children) child.kill(`SIG${name}`);
    const code = action === undefined ? 128 + number : await this.leavingCode(parse(action));
    if (code !== undefined) await this.end(code);
  }

  /** Ends the process, after what a trap says for its end. */
  async end(code) {
    const action = this.traps.get('EXIT') ?? this.traps.get('0');
    this.traps.clear();
    this.status = code;
    leave((action && (await this.leavingCode(parse(action)))) ?? code);
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
