import { createReadStream } from 'node:fs';

/** wc [-l|-c|-w] [FILE] */
export async function run(args) {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const file = args.find((arg) => !arg.startsWith('-'));
  const chunks = [];
  for await (const chunk of file ? createReadStream(file) : process.stdin) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const counts = {
    '-l': bytes.filter((byte) => byte === 10).length,
    '-w': bytes.toString().split(/\s+/).filter(Boolean).length,
    '-c': bytes.length,
  };
  console.log(
    (flags.length > 0 ? flags.map((flag) => counts[flag]) : Object.values(counts)).concat(file ?? []).join(' '),
  );
}
