import { createReadStream } from 'node:fs';

/** head [-n N | -c N] [FILE] */
export async function run(args) {
  const [mode, count] = args[0]?.startsWith('-')
    ? /^-\d+$/.test(args[0])
      ? ['-n', args.shift().slice(1)]
      : args.splice(0, 2)
    : ['-n', '10'];
  let left = Number(count);
  for await (const chunk of args[0] ? createReadStream(args[0]) : process.stdin) {
    let end = mode === '-c' ? Math.min(left, chunk.length) : 0;
    if (mode === '-c') left -= end;
    else for (; end < chunk.length && left > 0; end++) if (chunk[end] === 10) left--;
    process.stdout.write(chunk.subarray(0, end));
    if (left <= 0) break;
  }
  process.stdin.destroy();
}
