import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '#base';
import { makeContext } from '../container-runtime.ts';
import type { Context } from '../context.ts';
import type { RegistryOptions } from '../registry/options.ts';

/** What pulling needs of a runtime, in a folder of its own; nothing runs. */
export async function withContext(
  registry: RegistryOptions,
  work: (context: Context, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kedge-pull-'));
  try {
    const context = await makeContext({
      root: join(folder, 'root'),
      state: join(folder, 'state'),
      images: join(folder, 'images'),
      cgroupParent: '/kedge-pull',
      podCidr: () => undefined,
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
      streaming: { host: '127.0.0.1', port: 0 },
      registry,
    });
    await work(context, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
