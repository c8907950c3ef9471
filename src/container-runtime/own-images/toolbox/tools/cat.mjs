import { createReadStream } from 'node:fs';

export async function run(args) {
  let code = 0;
  const files = args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  for (const file of files.length > 0 ? files : ['-']) {
    try {
      for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) await write(chunk);
    } catch (error) {
      console.error(`cat: ${file}: ${error.code === 'ENOENT' ? 'No such file or directory' : error.message}`);
      code = 1;
    }
  }
  return code;
}

function write(chunk) {
  return new Promise((resolve) => process.stdout.write(chunk, resolve));
}
