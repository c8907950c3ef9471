import { writeFile } from 'node:fs/promises';
import type { Figure } from './figure.ts';
import type { MachineDescription } from './machine.ts';
import { summarize, type Summary } from './statistics.ts';

/** A figure with what it sums up to, as it is written to JSON. */
export type Result = Omit<Figure, 'samples'> & Summary & { measurement: string; samples?: readonly number[] };

/** Samples beyond this number are not written out one by one. */
const samplesWorthKeeping = 100;

export function resultOf(measurement: string, figure: Figure): Result {
  const { samples, ...rest } = figure;
  const kept = samples.length <= samplesWorthKeeping ? { samples: samples.map(rounded) } : {};
  return { measurement, ...rest, ...summarize(samples, figure.better), ...kept };
}

const columns = [
  { title: 'measurement', width: 11 },
  { title: 'figure', width: 66 },
  { title: 'runs', width: 7, right: true },
  { title: 'median', width: 11, right: true },
  { title: 'p99 or worst', width: 15, right: true },
  { title: 'target', width: 10, right: true },
  { title: '', width: 4 },
];

/** The heading of the table. */
export function heading(): string {
  const titles = row(columns.map((column) => column.title));
  return `${titles}\n${'─'.repeat(titles.length)}`;
}

/** One line of the table; a median beyond its target is marked. */
export function line(result: Result): string {
  const { measurement, name, unit, runs, median, tail, tailIs, target } = result;
  const amount = (value: number): string => `${short(value)} ${unit}`.trim();
  const mark = target === undefined ? '' : misses(result) ? '✗' : '✓';
  const wanted = target === undefined ? '' : `${result.better === 'less' ? '≤' : '≥'} ${amount(target)}`;
  return row([measurement, name, String(runs), amount(median), `${tailIs} ${amount(tail)}`, wanted, mark]);
}

/** All results with the machine they were taken on, for programs. */
export async function writeJson(path: string, machine: MachineDescription, results: readonly Result[]): Promise<void> {
  await writeFile(path, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}

function misses({ better, median, target = median }: Result): boolean {
  return better === 'less' ? median > target : median < target;
}

function row(cells: readonly string[]): string {
  const padded = columns.map(({ width, right }, at) => {
    const cell = cells[at] ?? '';
    return right ? cell.padStart(width) : cell.padEnd(width);
  });
  return padded.join('  ').trimEnd();
}

/** Three digits say enough of a measurement. */
function short(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(rounded(value));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
