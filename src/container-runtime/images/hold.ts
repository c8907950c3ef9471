import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hasCode, writeFileAtomic } from '#base';
import { startTicks } from '../processes.ts';
import type { LayerId } from './layer-store.ts';

// Who needs content, written down so that no process of the machine removes what another uses. A hold is a file; those of
// a process that died without letting go count no longer. Containers hold their layers by their own record on disk.

export interface Held {
  blobs: string[];
  layers: LayerId[];
}

interface HoldFile extends Held {
  pid: number;
  startTicks: string;
}

let holdNumber = 0;

/** Holds content while work is done with it. */
export async function withHold<T>(images: string, held: Held, work: () => Promise<T>): Promise<T> {
  const folder = join(images, 'holds');
  const file = join(folder, `${process.pid}-${holdNumber++}.json`);
  await mkdir(folder, { recursive: true });
  const hold: HoldFile = { ...held, pid: process.pid, startTicks: (await startTicks(process.pid)) ?? '' };
  await writeFile(file, JSON.stringify(hold));
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** What running work holds; holds of dead processes are cleared away. */
export async function readHolds(images: string): Promise<Held[]> {
  const folder = join(images, 'holds');
  const names = await readdir(folder).catch(() => []);
  const holds = await Promise.all(names.map((name) => readHold(join(folder, name))));
  return holds.flat();
}

async function readHold(file: string): Promise<Held[]> {
  try {
    const hold = JSON.parse(await readFile(file, 'utf8')) as HoldFile; // written by withHold alone
    if ((await startTicks(hold.pid)) === hold.startTicks) return [hold];
    await rm(file, { force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !(error instanceof SyntaxError)) throw error;
  }
  return [];
}

/** Tells the garbage collector of a folder with image records (`*.json`) and with layers held by containers (`holds/*.json`). */
export async function registerRoot(images: string, references: string): Promise<void> {
  await mkdir(references, { recursive: true });
  await writeFileAtomic(rootFile(images, references), references);
}

/** Takes a folder of references back; its images are then nobody's. */
export async function unregisterRoot(images: string, references: string): Promise<void> {
  await rm(rootFile(images, references), { force: true });
}

function rootFile(images: string, references: string): string {
  return join(images, 'roots', createHash('sha256').update(references).digest('hex').slice(0, 24));
}

/** The folders of references of all nodes. */
export async function readRoots(images: string): Promise<string[]> {
  const folder = join(images, 'roots');
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith('.tmp'));
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}
