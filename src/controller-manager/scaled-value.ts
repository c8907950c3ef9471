/** A number as it is, or a share of a total (`25%`), rounded. Anything else is 0: validation lets nothing else pass. */
export function scaledValue(value: number | string, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : round((Number(percent) * total) / 100);
}
