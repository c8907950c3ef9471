import { spawnSync } from 'node:child_process';

/** env [-i] [-u NAME] [NAME=VALUE...] [COMMAND...] */
export function run(args) {
  const env = args[0] === '-i' ? {} : { ...process.env };
  if (args[0] === '-i') args.shift();
  while (args[0] === '-u') delete env[args.splice(0, 2)[1]];
  while (args[0]?.includes('=')) {
    const [name, value] = args.shift().split(/=(.*)/s);
    env[name] = value;
  }
  if (args.length > 0) return spawnSync(args[0], args.slice(1), { env, stdio: 'inherit' }).status ?? 127;
  for (const [name, value] of Object.entries(env)) console.log(`${name}=${value}`);
}
