// Where the Node.js that Kedge brings lies; the sources need Node 26, the machine may have 18.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describePlan, nodeLibrary, planInstall } from '../src/cluster/host/host-needs.mjs';

/** The dynamic linker that the packaged Node.js asks for; a system of musl has none. */
const linkers = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' };

/** The path of the Node.js to run Kedge with. Throws with what to do when there is none. */
export function ownNode() {
  const packaged = fileURLToPath(
    new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  );
  const isPackaged = existsSync(packaged) && existsSync(linkers[process.arch]);
  const plan = planInstall([nodeLibrary]);
  if (isPackaged && !plan) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  if (isPackaged) throw new Error(describePlan(plan));
  throw new Error(
    `Kedge needs Node.js 26 or newer, this is ${process.version}, and there is no node-${process.platform}-${process.arch} in node_modules: run "npm ci", or install Node.js 26`,
  );
}
