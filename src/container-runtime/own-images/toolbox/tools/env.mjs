import { spawnSync } from 'node:child_process';

/** env [NAME=VALUE...] [COMMAND...] */
export function run(args) {
  const env = { ...process.env };
  while (args[0]?.includes('=')) {
    const [name, value] = args.shift().split(/=(.*)/s);
    env[name] = value;
  }
  if (args.length > 0) return spawnSync(args[0], args.slice(1), { env, stdio: 'inherit' }).status ?? 127;
  for (const [name, value] of Object.entries(env)) console.log(`${name}=${value}`);
}
