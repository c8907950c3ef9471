import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '#base';
import { EtcdError } from '../../errors.ts';
import type { Batch } from '../environment.ts';
import { logRecordsIn, type LogRecord } from './log-record.ts';
import { decodeBatch } from './logged-batch.ts';
import { Segment } from './segment.ts';

/** A batch of the log, where it stands, and the bytes that it takes there. */
export interface LoggedAt {
  batch: Batch;
  sequence: number;
  bytes: number;
}

/** What a log has. */
export interface FoundLog {
  /** What the data file does not have yet, in order. */
  batches: LoggedAt[];
  segments: Segment[];
  /** The newest sequence, and the newest epoch, that were used. */
  sequence: number;
  epoch: number;
}

type FoundRecord = LogRecord & { path: string };

const segmentName = /^\d+\.wal$/;

/**
 * Reads what a crash left in a log: the batches behind `after`, which is the newest one of the data file. The last one may
 * be torn, and was then never acknowledged. Throws `ErrCorrupt` when one is missing before others, and when the log is that
 * of another store than `id`.
 */
export async function readLog(directory: string, { id, after }: { id: number; after: number }): Promise<FoundLog> {
  const segments: Segment[] = [];
  const records: FoundRecord[] = [];
  for (const path of await segmentPaths(directory)) {
    const bytes = await readFile(path);
    const found = [...logRecordsIn(bytes)].map((record) => ({ ...record, path }));
    segments.push(new Segment(path, { lastSequence: newest(found, 'sequence'), sizeBytes: bytes.length }));
    records.push(...found);
  }
  const foreign = records.find((record) => record.id !== id);
  if (foreign) throw damagedLog(foreign.path, 'belongs to another data file than the one beside it');
  const batches = batchesBehind(after, records);
  return { batches, segments, sequence: after + batches.length, epoch: newest(records, 'epoch') };
}

function batchesBehind(after: number, records: readonly FoundRecord[]): LoggedAt[] {
  const missing = records.filter(({ sequence }) => sequence > after);
  const inOrder = withoutVoid(missing).sort((a, b) => a.sequence - b.sequence);
  for (const [at, { sequence, path }] of inOrder.entries()) {
    const wanted = after + 1 + at;
    if (sequence !== wanted) throw damagedLog(path, `is damaged: batch ${wanted} cannot be read, and ${sequence} can`);
  }
  return inOrder.map(({ payload, sequence, bytes }) => ({ batch: decodeBatch(payload), sequence, bytes }));
}

/** Without what a later epoch began anew: those writes had failed. */
function withoutVoid(records: readonly FoundRecord[]): FoundRecord[] {
  const starts = new Map(records.map(({ epoch, start }) => [epoch, start]));
  return records.filter(({ epoch, sequence }) =>
    [...starts].every(([otherEpoch, start]) => otherEpoch <= epoch || start > sequence),
  );
}

function newest(records: readonly LogRecord[], what: 'sequence' | 'epoch'): number {
  return records.reduce((most, record) => Math.max(most, record[what]), 0);
}

async function segmentPaths(directory: string): Promise<string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => segmentName.test(name));
    return names.map((name) => join(directory, name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** What is wrong with a file of the log, and what can be done. */
function damagedLog(path: string, what: string): EtcdError {
  const remedy = 'restore a snapshot, or move the folder away to open the store as it was before its newest writes';
  return new EtcdError('ErrCorrupt', { detail: `${path} ${what}; ${remedy}` });
}
