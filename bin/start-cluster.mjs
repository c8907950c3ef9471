// Installs what is missing, builds, and brings a cluster up. `npm start -- --nodes 3` passes options on.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clusterNeeds, refusal } from '../src/cluster/host/host-needs.mjs';
import { buildIfStale, fail, installHostPackages, installPackages } from './bootstrap.mjs';

try {
  const refused = refusal({ platform: process.platform, uid: process.getuid?.() ?? -1 });
  if (refused) throw new Error(refused);
  await installHostPackages(clusterNeeds);
  await installPackages({ dev: false });
  await buildIfStale();
} catch (error) {
  fail(error);
}
const kedge = fileURLToPath(new URL('kedge.mjs', import.meta.url));
const result = spawnSync(process.execPath, [kedge, 'up', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(result.status ?? 1);
