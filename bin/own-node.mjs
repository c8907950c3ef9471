// Where the Node.js that Kedge brings lies; the sources need Node 26, the machine may have 20.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of the Node.js to run Kedge with. Throws with what to do when there is none. */
export function ownNode() {
  const packaged = fileURLToPath(
    new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  );
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  throw new Error(
    `Kedge needs Node.js 26 or newer, this is ${process.version}, and there is no node-${process.platform}-${process.arch} in node_modules: run "npm ci", or install Node.js 26`,
  );
}
