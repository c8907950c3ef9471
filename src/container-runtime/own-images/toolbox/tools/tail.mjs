import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';

const lookEveryMs = 250;

function readOptions(args) {
  const options = { unit: 'n', from: false, count: 10, follow: false, file: undefined };
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const [, letter, attached] = /^-([nc])(.*)$/.exec(arg.replace(/^-(\d+)$/, '-n$1')) ?? [];
    if (letter) {
      const [, sign, digits] = /^([-+]?)(\d+)$/.exec(attached || (args.shift() ?? '')) ?? [];
      if (digits === undefined) throw new Error(`invalid number in ${arg}`);
      Object.assign(options, { unit: letter, from: sign === '+', count: Number(digits) });
    } else if (arg === '-f' || arg === '-F') options.follow = true;
    else if (arg !== '-') options.file = arg;
  }
  return options;
}

/** tail [-n N | -n +N | -c N | -c +N] [-f] [FILE] */
export async function run(args) {
  const options = readOptions(args);
  const input = options.file === undefined ? process.stdin : createReadStream(options.file);
  const end = await (options.from ? printFrom(input, options) : printLast(input, options));
  if (options.follow && options.file !== undefined) await follow(options.file, end);
}

/** Prints from a byte or line on, counted from 1; returns where the input ended. */
async function printFrom(input, { unit, count }) {
  let skip = Math.max(count - 1, 0);
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    let at = unit === 'c' ? Math.min(skip, chunk.length) : 0;
    if (unit === 'c') skip -= at;
    else for (; skip > 0 && at < chunk.length; at++) if (chunk[at] === 10) skip--;
    await write(chunk.subarray(at));
  }
  return bytes;
}

/** Prints the last bytes or lines; of the input no more is held than that. */
async function printLast(input, { unit, count }) {
  let held = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    held = Buffer.concat([held, chunk]);
    held = held.subarray(unit === 'c' ? Math.max(held.length - count, 0) : startOfLast(held, count));
  }
  await write(held);
  return bytes;
}

function startOfLast(bytes, count) {
  if (count === 0) return bytes.length;
  let at = bytes.length - 1; // the break that ends the last line begins none
  for (let left = count; at > 0 && left > 0; left--) at = bytes.lastIndexOf(10, at - 1);
  return at < 0 ? 0 : at + (bytes[at] === 10 ? 1 : 0);
}

/** Prints what is added to the file; one that became shorter is read anew. */
async function follow(path, from) {
  const buffer = Buffer.alloc(1 << 16);
  let position = from;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).size < position) position = 0;
      for (let count; (count = readSync(file, buffer, 0, buffer.length, position)) > 0; position += count)
        await write(Buffer.from(buffer.subarray(0, count)));
    } finally {
      closeSync(file);
    }
  }
}

function write(bytes) {
  return new Promise((resolve) => process.stdout.write(bytes, resolve));
}
