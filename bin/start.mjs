// `npm start`: installs what is missing, builds, and brings a cluster up. `npm start -- --nodes 3` passes options on.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildIfStale, clusterTools, fail, installHostTools, installPackages } from './bootstrap.mjs';

try {
  if (process.platform !== 'linux') throw new Error(`Kedge runs containers on Linux only, this is ${process.platform}`);
  await installHostTools(clusterTools);
  await installPackages({ dev: false });
  await buildIfStale();
} catch (error) {
  fail(error);
}
const kedge = fileURLToPath(new URL('kedge.mjs', import.meta.url));
const result = spawnSync(process.execPath, [kedge, 'up', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(result.status ?? 1);
