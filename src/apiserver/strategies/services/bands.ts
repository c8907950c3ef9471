import { randomInt, type Random } from '#base';

export interface Bands {
  readonly size: number;
  /** How many of the first numbers stay free for who names them (KEP-3070, KEP-3668). */
  readonly lowerBand: number;
  readonly random: Random;
}

/** A number of 0 .. size-1 that is not taken, of the upper band while it lasts; undefined when all are taken. */
export function freeInBands(
  isTaken: (number: number) => boolean,
  { size, lowerBand, random }: Bands,
): number | undefined {
  return freeWithin(isTaken, lowerBand, size, random) ?? freeWithin(isTaken, 0, lowerBand, random);
}

/** From a random place on, so that a number is not used again soon. */
function freeWithin(
  isTaken: (number: number) => boolean,
  from: number,
  to: number,
  random: Random,
): number | undefined {
  const count = to - from;
  if (count <= 0) return undefined;
  const start = randomInt(random, count);
  for (let step = 0; step < count; step += 1) {
    const number = from + ((start + step) % count);
    if (!isTaken(number)) return number;
  }
  return undefined;
}

/** The size of the lower band: a sixteenth of the range, within bounds. */
export function lowerBandOf(size: number, bounds: { min: number; max: number }): number {
  if (size <= bounds.min) return 0;
  return Math.min(Math.max(bounds.min, Math.floor(size / 16)), bounds.max);
}
