// Bundles the program into one file, dist/kedge.mjs, which starts in a third of the time that the sources need.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist', 'kedge.mjs');

/** Whether a source, or the list of packages, is newer than the bundle. */
export function isStale() {
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return [...sources, join(root, 'package-lock.json')].some((file) => statSync(file).mtimeMs > built);
}

/** Writes the bundle. Packages with native code stay outside, in node_modules. */
export async function buildBundle() {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [join(root, 'src/cli/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    keepNames: true, // the name of a message type is the name of its class
    sourcemap: 'linked',
    legalComments: 'none',
    external: ['lmdb', 'koffi', 'pino'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'silent',
  });
  const bytes = Object.values(result.metafile.outputs).find((output) => output.entryPoint)?.bytes ?? 0;
  return `dist/kedge.mjs, ${(bytes / 1e6).toFixed(1)} MB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await buildBundle());
}
