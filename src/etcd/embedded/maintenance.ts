import { open, rm } from 'node:fs/promises';
import { EtcdError } from '../errors.ts';
import type { BucketChange, Buckets, HashKv, Snapshot } from '../member.ts';
import { writeSnapshot } from '../snapshot/write-snapshot.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Disk } from './disk.ts';
import { hashOf } from './hash-kv.ts';
import type { Mvcc } from './mvcc.ts';

const chunkBytes = 32 * 1024; // as etcd's

/** What concerns a member's file as a whole. */
export class Maintenance implements Buckets {
  readonly #disk: Disk;
  readonly #mvcc: Mvcc;
  readonly #commits: CommitQueue;

  constructor({ disk, mvcc, commits }: { disk: Disk; mvcc: Mvcc; commits: CommitQueue }) {
    this.#disk = disk;
    this.#mvcc = mvcc;
    this.#commits = commits;
  }

  get(...[bucket, key]: Parameters<Buckets['get']>): Uint8Array | undefined {
    return this.#disk.bucketEntry(bucket, key);
  }

  entries(bucket: Parameters<Buckets['entries']>[0]): [string, Uint8Array][] {
    return [...this.#disk.bucketEntries(bucket)];
  }

  write(changes: readonly BucketChange[]): Promise<void> {
    return this.#commits.write({ records: [], buckets: changes });
  }

  async hashKv(revision = 0): Promise<HashKv> {
    const hashRevision = this.#mvcc.readable(revision, this.#mvcc.durable);
    const view = this.#disk.view();
    try {
      const hashed = await hashOf(view, this.#mvcc.index, hashRevision);
      return { header: { revision: this.#mvcc.durable }, ...hashed, hashRevision };
    } finally {
      view.end();
    }
  }

  defragment(): Promise<void> {
    return this.#disk.defragment();
  }

  async snapshot(): Promise<Snapshot> {
    const { durable } = this.#mvcc;
    const view = this.#disk.view();
    const path = this.#disk.temporaryPath('snapshot');
    try {
      await using file = await open(path, 'w+');
      const sizeBytes = await writeSnapshot(view, durable, file);
      return { header: { revision: durable }, sizeBytes, chunks: chunksOf(path) };
    } catch (error) {
      await rm(path, { force: true });
      throw new EtcdError('ErrWriteFailed', { detail: 'the snapshot could not be written', cause: error });
    } finally {
      view.end();
    }
  }
}

/** The bytes of a file, which is removed once they were read or nobody wants them any more. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  await rm(path);
  try {
    yield* file.createReadStream({ highWaterMark: chunkBytes }) as AsyncIterable<Buffer>;
  } finally {
    await file.close();
  }
}
