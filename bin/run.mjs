// Runs a TypeScript source under the Node.js that Kedge brings (npm package node-<platform>-<arch>), whatever Node.js runs this.
import { spawnSync } from 'node:child_process';
import { ownNode } from './own-node.mjs';

const result = spawnSync(ownNode(), process.argv.slice(2), { stdio: 'inherit' });
process.exit(result.status ?? 1);
