/**
 * The order of two texts by their code units, for sorting: as `a < b` has it, and no alphabet of any language, which would
 * have to be loaded first. Of ASCII it is the order of the bytes, which is Go's.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
