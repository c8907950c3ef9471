// Bundles the program into dist/: kedge.mjs, which starts it, and the parts that its commands and processes load as they
// need them. It starts in a fraction of the time that the sources need.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownNode } from './own-node.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist');
const bundle = join(folder, 'kedge.mjs');

/** Whether a source, or the list of packages, is newer than the bundle. */
export function isStale() {
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return [...sources, join(root, 'package-lock.json')].some((file) => statSync(file).mtimeMs > built);
}

/**
 * Importing `node:http` reads all its exports, and one of them (`WebSocket`) loads undici: 45 ms and some megabytes in each
 * process, for what nothing here uses. `require` reads only what is asked for.
 */
const requireHttp = {
  name: 'require-http',
  setup(build) {
    build.onResolve({ filter: /^node:http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'require-http' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'require-http' }, () => ({
      contents: "module.exports = require('node:http');",
    }));
  },
};

/** Writes the bundle. Packages with native code stay outside, in node_modules. */
export async function buildBundle() {
  const { build } = await import('esbuild');
  rmSync(folder, { recursive: true, force: true });
  const result = await build({
    entryPoints: {
      kedge: join(root, 'src/cli/main.ts'),
      'yaml-worker': join(root, 'src/machinery/yaml/yaml-worker.ts'),
    },
    outdir: folder,
    absWorkingDir: root, // what it tells of its outputs is told from here, wherever it was called
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    keepNames: true, // the name of a message type is the name of its class
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'none',
    external: ['lmdb', 'koffi', 'pino'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [requireHttp],
    metafile: true,
    logLevel: 'silent',
  });
  const parts = Object.entries(result.metafile.outputs).filter(([name]) => name.endsWith('.mjs'));
  const bytes = parts.reduce((sum, [, output]) => sum + output.bytes, 0);
  for (const [name] of parts) nameClassesOnly(join(root, name));
  fillCompileCache(parts.map(([name]) => join(root, name)));
  return `dist/kedge.mjs and ${parts.length - 1} parts, ${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * esbuild keeps the names of classes by a call, which it also puts around every closure, each time one is made: that took
 * 2% of an API server's time. The names of arrow functions, which have no prototype, are read by nobody.
 */
function nameClassesOnly(part) {
  const text = readFileSync(part, 'utf8');
  const all = '(target,value)=>__defProp(target,"name",{value,configurable:!0})';
  const classes = '(t,value)=>t.prototype?__defProp(t,"name",{value}):t';
  // Of equal length, so that the source map stays true.
  if (text.includes(all))
    writeFileSync(
      part,
      text.replace(all, () => classes.padEnd(all.length)),
    );
}

/** Loads every part but the program itself once, so that the first `kedge up` finds them compiled. */
function fillCompileCache(parts) {
  const loaded = parts.filter((part) => part !== bundle);
  const script = `
    import { enableCompileCache } from 'node:module';
    enableCompileCache(${JSON.stringify(join(folder, 'compile-cache'))});
    for (const part of ${JSON.stringify(loaded)}) await import(part);`;
  execFileSync(ownNode(), ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await buildBundle());
}
