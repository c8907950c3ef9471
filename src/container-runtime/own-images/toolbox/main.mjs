#!/usr/bin/node
// The toolbox: every tool is a link to this file and has a file of its own in tools/.
import { basename } from 'node:path';

const aliases = { '[': 'test', wget: 'get', curl: 'get', nslookup: 'dns', nc: 'tcp' };
const called = basename(process.argv[1] ?? '');
const isDispatcher = called === 'toolbox' || called === 'main.mjs';
const name = isDispatcher ? process.argv[2] : called;
const args = process.argv.slice(isDispatcher ? 3 : 2);

// the first process of a container is not ended by a signal unless it says so
for (const [signal, number] of [
  ['SIGTERM', 15],
  ['SIGINT', 2],
])
  process.once(signal, () => process.exit(128 + number));
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 141 : 1));

try {
  const { run } = await import(`./tools/${aliases[name] ?? name}.mjs`);
  process.exitCode = (await run(args, name)) ?? 0;
} catch (error) {
  const isUnknown = error.code === 'ERR_MODULE_NOT_FOUND';
  console.error(`${name}: ${isUnknown ? 'no such tool in the toolbox' : error.message}`);
  process.exitCode = isUnknown ? 127 : 1;
}
