#!/usr/bin/env node
// The `kedge` command: runs the bundle, or the sources when there is none, under the Node.js that Kedge brings.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownNode } from './own-node.mjs';

const bundle = fileURLToPath(new URL('../dist/kedge.mjs', import.meta.url));
const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const program = existsSync(bundle) ? bundle : source;

let node;
try {
  node = ownNode();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)));
