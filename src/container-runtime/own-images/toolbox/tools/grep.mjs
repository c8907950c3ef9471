import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** grep [-q] [-v] [-i] [-c] [-E] PATTERN [FILE...] */
export async function run(args) {
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  const [pattern, ...files] = args.filter((arg) => !arg.startsWith('-'));
  const expression = new RegExp(pattern, flags.includes('i') ? 'i' : '');
  let found = 0;
  for (const input of files.length > 0 ? files.map((file) => createReadStream(file)) : [process.stdin])
    for await (const line of createInterface({ input })) {
      if (expression.test(line) === flags.includes('v')) continue;
      found++;
      if (!/[qc]/.test(flags)) console.log(line);
    }
  if (flags.includes('c')) console.log(found);
  return found > 0 ? 0 : 1;
}
