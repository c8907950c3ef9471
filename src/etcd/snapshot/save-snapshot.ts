import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GrpcChannel } from '#wire';
import type { Member } from '../member.ts';
import { targetOf, type EtcdTls } from '../remote/endpoint.ts';
import { maintenanceService } from '../rpc/services.ts';
import { SnapshotError } from './open-snapshot.ts';

const digestBytes = 32;

/** Saves a snapshot of a store in this process to a file, followed by its checksum. The file appears whole or not at all. */
export async function saveSnapshotOf(member: Member, path: string): Promise<void> {
  const { chunks } = await member.snapshot();
  await writeWhole(path, withDigest(chunks));
}

/** The same of a member that is reached over the network, as `etcdctl snapshot save`. Throws `SnapshotError` when it came damaged. */
export async function saveSnapshotFrom(url: string, tls: EtcdTls | undefined, path: string): Promise<void> {
  const channel = new GrpcChannel({ ...targetOf(url, tls), userAgent: 'kedge' });
  try {
    const answers = channel.of(maintenanceService).snapshot({});
    await writeWhole(path, checked(answers, url));
  } finally {
    await channel.close();
  }
}

async function* withDigest(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

/** The pieces; the last one must be the checksum of all others. */
async function* checked(answers: AsyncIterable<{ blob: Uint8Array }>, url: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let last: Uint8Array | undefined;
  for await (const { blob } of answers) {
    if (last) hash.update(last);
    if (last) yield last;
    last = blob;
  }
  if (last?.length !== digestBytes || !hash.digest().equals(last)) {
    throw new SnapshotError(`the snapshot of ${url} does not fit its checksum: it was damaged or cut short on its way`);
  }
  yield last;
}

async function writeWhole(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  try {
    await using file = await open(part, 'w', 0o600); // it holds Secrets
    await file.writeFile(chunks);
    await file.sync();
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
