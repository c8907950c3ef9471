import { rmSync } from 'node:fs';

export function run(args) {
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  for (const path of args.filter((arg) => !arg.startsWith('-')))
    rmSync(path, { recursive: /r/i.test(flags), force: flags.includes('f') });
}
