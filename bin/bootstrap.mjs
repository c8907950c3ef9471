// Brings what Kedge needs and the machine lacks: npm packages from the lock file, and the few programs of the host.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node.js 18.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePlan, planInstall } from '../src/cluster/host/host-needs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a step and prints one line with its time; a terminal shows the line while the step is under way. */
export async function step(title, work) {
  const start = performance.now();
  const { isTTY, columns } = process.stdout;
  if (isTTY) process.stdout.write(`${`·          ${title} ...`.slice(0, columns - 1)}\x1b[K\r`);
  const detail = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(2).padStart(6);
  console.log(`✓ ${seconds} s  ${title}${detail ? `: ${detail}` : ''}${isTTY ? '\x1b[K' : ''}`);
}

/** Installs the npm packages of the lock file unless they are there; with `dev` also those that only tests need. */
export async function installPackages({ dev }) {
  const stamp = join(root, 'node_modules', '.kedge.json');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
  if (installed.lock === lock && (installed.dev || !dev)) return;
  await step('npm packages', () => {
    // No package needs to run anything of its own to be installed: what is native comes built.
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run(['npm', 'ci', ...options, ...(dev ? [] : ['--omit=dev'])]);
    writeFileSync(stamp, JSON.stringify({ lock, dev }));
  });
}

/** Installs the host's packages for what is missing, naming each. Throws with the command to type when it cannot. */
export async function installHostPackages(needs) {
  const plan = planInstall(needs);
  if (!plan) return;
  const { manager, packages } = plan;
  if (!manager || process.getuid?.() !== 0) throw new Error(describePlan(plan));
  await step(`host packages ${packages.join(', ')}`, () => {
    if (manager.refresh) run(manager.refresh);
    run([...manager.install, ...manager.options, ...packages]);
    const still = planInstall(needs);
    if (still) throw new Error(`${manager.install.join(' ')} ended well, and yet ${describePlan(still)}`);
  });
}

/** Bundles server and agent when a source is newer than the bundle. */
export async function buildIfStale() {
  const { buildBundle, isStale } = await import('./build.mjs');
  if (isStale()) await step('build', buildBundle);
}

/** Runs a command without asking the user anything; throws with what it said when it fails. */
function run(command) {
  const [program, ...args] = command;
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n');
  const shown = output.length <= 24 ? output : [...output.slice(0, 12), '...', ...output.slice(-12)];
  throw new Error(
    `"${command.join(' ')}" failed${result.error ? ` (${result.error.message})` : ''}:\n${shown.join('\n')}`,
  );
}

/** Prints what went wrong without a stack, and ends with 1. */
export function fail(error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
