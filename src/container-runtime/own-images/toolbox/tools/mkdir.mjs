import { mkdirSync } from 'node:fs';

export function run(args) {
  const recursive = args.includes('-p');
  for (const path of args.filter((arg) => !arg.startsWith('-'))) mkdirSync(path, { recursive });
}
