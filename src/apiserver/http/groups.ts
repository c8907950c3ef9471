import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { joinPieces } from '#wire';
import { turns } from '../registry/turns.ts';
import type { Group } from './channel.ts';

/** The groups, each in a turn of its own behind the first. */
export async function* unhurried(groups: Iterable<Group>): AsyncGenerator<Group, void> {
  for (const group of groups) {
    yield group;
    await turns.next();
  }
}

/** The groups compressed, quickly rather than well (`responsewriters/writers.go`), on a thread that is not this one. */
export async function* compressed(groups: Iterable<Group>): AsyncGenerator<Group, void> {
  const zip = createGzip({ level: 1, chunkSize: 256 * 1024 });
  // Who leaves the loop ends the compression; what fails is thrown to whom the chunks go.
  pipeline(joined(groups), zip, () => {});
  for await (const chunk of zip) yield [chunk as Buffer];
}

async function* joined(groups: Iterable<Group>): AsyncGenerator<Buffer, void> {
  for await (const group of unhurried(groups)) if (group.length > 0) yield joinPieces(group);
}

export function sizeOf(group: Group): number {
  return group.reduce((sum, chunk) => sum + chunk.length, 0);
}
