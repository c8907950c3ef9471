import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';

const status = (path) => statSync(path, { throwIfNoEntry: false });
const can = (mode) => (path) => {
  try {
    return accessSync(path, mode) === undefined;
  } catch {
    return false;
  }
};
const unary = {
  '-n': (text) => text !== '',
  '-z': (text) => text === '',
  '-e': (path) => status(path) !== undefined,
  '-f': (path) => status(path)?.isFile() ?? false,
  '-d': (path) => status(path)?.isDirectory() ?? false,
  '-s': (path) => (status(path)?.size ?? 0) > 0,
  '-S': (path) => status(path)?.isSocket() ?? false,
  '-L': (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
  '-r': can(constants.R_OK),
  '-w': can(constants.W_OK),
  '-x': can(constants.X_OK),
  '-t': (descriptor) => isatty(Number(descriptor)),
};
const binary = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
};

function judge(args) {
  const or = args.indexOf('-o');
  if (or > 0) return judge(args.slice(0, or)) || judge(args.slice(or + 1));
  const and = args.indexOf('-a');
  if (and > 0) return judge(args.slice(0, and)) && judge(args.slice(and + 1));
  if (args[0] === '!') return !judge(args.slice(1));
  if (args.length === 3 && binary[args[1]]) return binary[args[1]](args[0], args[2]);
  if (args.length === 2 && unary[args[0]]) return unary[args[0]](args[1]);
  if (args.length <= 1) return (args[0] ?? '') !== '';
  throw new Error(`cannot judge: ${args.join(' ')}`);
}

export function run(args, name) {
  return judge(name === '[' ? args.slice(0, -1) : args) ? 0 : 1;
}
