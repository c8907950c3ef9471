import { assert } from '#base';
import { EtcdError } from '../errors.ts';
import type { KeyValue } from '../store.ts';
import type { Disk } from './disk.ts';
import { KeyIndex, type Version } from './key-index.ts';
import { toKeyBytes, type KeyRange, type KeyString } from './keys.ts';
import { SharedBuffer } from './shared-buffer.ts';
import { decodeRecord, encodeRecord, visitRecord, type Change } from './record.ts';

const noValue = new Uint8Array();

/** A revision that is in memory and not yet on the disk. */
interface Pending {
  changes: readonly Change[];
}

/**
 * Many versions of each key: the index in memory, the values on disk, and what is between the two. Two revisions
 * matter: `newest`, up to which transactions have been decided, and `durable`, up to which they are on the disk. Readers
 * see `durable`; a transaction decides upon `newest`, and is answered when that is durable.
 */
export class Mvcc {
  readonly index = new KeyIndex();
  readonly #disk: Disk;
  readonly #pending = new Map<number, Pending>();
  /** For records until a checkpoint has them. */
  readonly #shared = new SharedBuffer();
  #newest = 1; // etcd counts from 1: an empty store has revision 1
  #durable = 1;
  #compacted = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
    this.#restore();
  }

  get newest(): number {
    return this.#newest;
  }

  get durable(): number {
    return this.#durable;
  }

  get compacted(): number {
    return this.#compacted;
  }

  /** Checks that a revision can be read (0 means `otherwise`); returns it. */
  readable(revision: number | undefined, otherwise: number): number {
    if (!revision) return otherwise;
    if (revision > otherwise) throw new EtcdError('ErrFutureRev');
    if (revision < this.#compacted) throw new EtcdError('ErrCompacted');
    return revision;
  }

  /** Adds a decided transaction in memory as the next revision; returns that and its record for the disk. */
  append(changes: readonly Change[]): { revision: number; record: Buffer } {
    assert(changes.length > 0, 'a revision changes something');
    const revision = ++this.#newest;
    this.#pending.set(revision, { changes });
    changes.forEach((change, sub) => this.#addToIndex(revision, sub, change));
    return { revision, record: encodeRecord(revision, changes, (bytes) => this.#shared.take(bytes)) };
  }

  /** Everything up to `revision` is on the disk now; returns the changes that became durable, by revision. */
  settle(revision: number): { revision: number; changes: readonly Change[] }[] {
    const settled: { revision: number; changes: readonly Change[] }[] = [];
    for (let at = this.#durable + 1; at <= revision; at++) {
      settled.push({ revision: at, changes: this.#pending.get(at)?.changes ?? [] });
      this.#pending.delete(at);
    }
    this.#durable = Math.max(this.#durable, revision);
    return settled;
  }

  /** Takes back everything that is not durable. */
  rollBack(): void {
    for (const { changes } of this.#pending.values()) {
      for (const change of changes) this.index.truncate(change.key, this.#durable);
    }
    this.#pending.clear();
    this.#newest = this.#durable;
  }

  /** Runs what reads, again if the file had to be opened anew meanwhile. */
  reading<T>(work: () => T): T | Promise<T> {
    return this.#disk.reading(work);
  }

  /** The changes of a revision with their numbers; those that compaction dropped are undefined. */
  changesOf(revision: number): readonly (Change | undefined)[] {
    const pending = this.#pending.get(revision);
    if (pending) return pending.changes;
    const record = this.#disk.read(revision);
    return record ? decodeRecord(revision, record) : [];
  }

  /** The key-value of a version; with `keysOnly` the value is left empty and the disk unread. */
  read(key: KeyString, version: Version, keysOnly = false): KeyValue {
    return {
      key: toKeyBytes(key),
      value: keysOnly ? noValue : this.#value(key, version),
      createRevision: version.create,
      modRevision: version.main,
      version: version.version,
      lease: version.lease,
    };
  }

  /** What a key was just before a revision; undefined when it did not live then, or compaction has forgotten it. */
  previous(key: KeyString, revision: number): KeyValue | undefined {
    const version = this.index.at(key, revision - 1);
    return version && this.read(key, version);
  }

  /** The living keys of a range at a revision: how many there are, and the first `most` of them. */
  scan(range: KeyRange, revision: number, most = Infinity): { found: [KeyString, Version][]; count: number } {
    const found: [KeyString, Version][] = [];
    let count = 0;
    this.index.forRange(range, revision, (key, version) => {
      if (count++ < most) found.push([key, version]);
    });
    return { found, count };
  }

  /**
   * Forgets what only revisions below `revision` can see. Returns what to change on disk: records without any change
   * left, and records with some blanked.
   */
  compact(revision: number): { removed: number[]; rewritten: { revision: number; record: Buffer }[] } {
    if (revision <= this.#compacted) throw new EtcdError('ErrCompacted');
    if (revision > this.#durable) throw new EtcdError('ErrFutureRev');
    this.#compacted = revision;
    const dropped = Map.groupBy(this.index.compact(revision), (version) => version.main);
    const removed: number[] = [];
    const rewritten: { revision: number; record: Buffer }[] = [];
    for (const [main, versions] of dropped) {
      const subs = new Set(versions.map((version) => version.sub));
      const kept = this.changesOf(main).map((change, sub) => (subs.has(sub) ? undefined : change));
      if (kept.every((change) => change === undefined)) removed.push(main);
      else rewritten.push({ revision: main, record: encodeRecord(main, kept) });
    }
    return { removed, rewritten };
  }

  #value(key: KeyString, version: Version): Uint8Array {
    const change = this.changesOf(version.main)[version.sub];
    if (change?.key !== key) {
      throw new EtcdError('ErrCorrupt', {
        detail: `revision ${version.main} of key ${JSON.stringify(key)} is missing on disk`,
      });
    }
    return change.value;
  }

  #addToIndex(main: number, sub: number, change: Change): void {
    const { create, version, lease } = change;
    this.index.append(change.key, { main, sub, create, version, lease });
  }

  #restore(): void {
    this.#compacted = this.#disk.meta('compactRevision') ?? 0;
    this.index.restore((append) => {
      for (const { revision, record } of this.#disk.recordsInPlace()) {
        visitRecord(revision, record, append);
        this.#newest = revision;
      }
    });
    this.#newest = Math.max(this.#newest, this.#disk.meta('revision') ?? 1);
    this.#durable = this.#newest;
  }
}
