import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { BboltError, BboltReader } from '../bbolt/reader.ts';

const digestBytes = 32;
const sectorBytes = 512;
const chunkBytes = 1024 * 1024;

/** Why a snapshot cannot be used: which file, what is wrong with it, and what to do. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * Opens a snapshot and hands its reader to `read`; checks it against the SHA-256 that follows the database in a file
 * that was saved over the network. Throws `SnapshotError`.
 */
export async function readSnapshot<T>(
  path: string,
  { skipHashCheck = false }: { skipHashCheck?: boolean },
  read: (reader: BboltReader, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const sizeBytes = await checkedSize(file, path, skipHashCheck);
    return await read(await BboltReader.open(file), sizeBytes);
  } catch (error) {
    if (error instanceof BboltError) throw new SnapshotError(`snapshot ${path} ${error.message}`, { cause: error });
    throw error;
  } finally {
    await file.close();
  }
}

/** The bytes of the database in the file; a database alone is a whole number of sectors. */
async function checkedSize(file: FileHandle, path: string, skipHashCheck: boolean): Promise<number> {
  const { size } = await file.stat();
  const hasDigest = size % sectorBytes === digestBytes;
  const sizeBytes = hasDigest ? size - digestBytes : size;
  if (skipHashCheck) return sizeBytes;
  if (!hasDigest) {
    throw new SnapshotError(
      `snapshot ${path} carries no checksum: was it cut short? To use a copy of a data file, give --skip-hash-check`,
    );
  }
  const { buffer } = await file.read(Buffer.alloc(digestBytes), 0, digestBytes, sizeBytes);
  if (buffer.equals(await digestOf(file, sizeBytes))) return sizeBytes;
  throw new SnapshotError(`snapshot ${path} is damaged: its content does not fit its checksum; use another one`);
}

async function digestOf(file: FileHandle, sizeBytes: number): Promise<Buffer> {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < sizeBytes;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunkBytes, sizeBytes - at), at);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest();
}
