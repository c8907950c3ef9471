// `npm test`: installs what is missing and runs every test. `npm test -- src/etcd` runs those under a folder.
// Tests that the machine cannot run are reported as skipped with their reason; with CI=true a skip is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterNeeds, etcdNeed } from '../src/cluster/host/host-needs.mjs';
import { buildIfStale, fail, installHostPackages, installPackages } from './bootstrap.mjs';
import { ownNode } from './own-node.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const testNeeds = [
  ...clusterNeeds,
  etcdNeed,
  { command: 'strace', purpose: 'make the disk fail', packages: { default: 'strace' } },
  { command: 'docker-registry', purpose: 'pull images from', packages: { default: 'docker-registry' } },
  { command: 'busybox', purpose: 'fill test images', packages: { default: 'busybox-static' } },
  { command: 'etcdctl', purpose: 'drive the store', packages: { default: 'etcd-client' } },
  { command: 'unzip', purpose: 'unpack kubectl', packages: { default: 'unzip' } },
];

const shared = ['--test-isolation=none'];

/**
 * The groups of tests; a file belongs to the first whose folder it is in. Units share one process, and so do the
 * behaviours that need no more than API servers; what starts clusters runs a file at a time, each in its own process.
 */
const groups = [
  { title: 'unit tests', folder: 'src', flags: shared },
  { title: 'tests of the benchmarks', folder: 'bench', flags: shared },
  { title: 'conformance tests', folder: 'test/conformance', flags: shared },
  { title: 'end-to-end tests', folder: 'test', flags: ['--test-concurrency=1'], runsBundle: true },
];

/** Brings what the tests need; returns the Node.js that runs them. */
async function prepare() {
  await installPackages({ dev: true });
  try {
    await installHostPackages(testNeeds);
  } catch (error) {
    if (process.env.CI) throw error;
    console.log(`! ${error.message}; the tests that need them will be skipped`);
  }
  return ownNode();
}

function runGroup(group, files, own) {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-test-'));
  const counts = join(directory, 'counts.json');
  const flags = [
    '--test',
    ...group.flags,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'bin/count-reporter.mjs')}`,
    `--test-reporter-destination=${counts}`,
  ];
  try {
    console.log(`\n${group.title}: ${files.length} files`);
    const { status } = spawnSync(own, ['--disable-warning=ExperimentalWarning', ...flags, ...files], {
      cwd: root,
      stdio: 'inherit',
    });
    return { status, ...JSON.parse(readFileSync(counts, 'utf8') || '{"passed":0,"failed":0,"skipped":[]}') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const own = await prepare().catch(fail);
const wanted = process.argv.slice(2);
const results = [];
for (const group of groups) {
  const files = testFiles(group.folder).filter(
    (file) => groupOf(file) === group && (wanted.length === 0 || wanted.some((prefix) => file.startsWith(prefix))),
  );
  if (files.length === 0) continue;
  if (group.runsBundle) await buildIfStale();
  results.push(runGroup(group, files, own));
}

function groupOf(file) {
  return groups.find(({ folder }) => file.startsWith(`${folder}/`));
}

/** Every `*.test.ts` below a folder, as paths from the root. */
function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

const total = (name) => results.reduce((sum, result) => sum + result[name], 0);
const skipped = results.flatMap((result) => result.skipped);
for (const one of skipped) console.log(`skipped  ${one}`);
const strict = process.env.CI && skipped.length > 0;
if (strict) console.log('With CI set, a skipped test is a failure.');
const crashed = results.some((result) => result.status !== 0);
const failed = total('failed') + (strict ? skipped.length : 0) + (crashed && total('failed') === 0 ? 1 : 0);
console.log(`\n${total('passed')} passed, ${failed} failed, ${strict ? 0 : skipped.length} skipped`);
process.exit(failed > 0 || results.length === 0 ? 1 : 0);
