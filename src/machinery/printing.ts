import { humanDuration } from './duration.ts';
import type { HasMeta } from './meta.ts';
import type { Column } from './schema/resource.ts';
import { parseTime } from './time.ts';

/** What `kubectl get` shows where there is nothing. */
const none = '<none>';

/** The age of a time as the AGE column has it; `<unknown>` without one. */
export function ageOf(timestamp: string | undefined, nowMs: number): string {
  return timestamp === undefined ? '<unknown>' : humanDuration(nowMs - parseTime(timestamp));
}

/** `a=b,c=d`, sorted; `<none>` when there are none (`apimachinery/pkg/labels.FormatLabels`). */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  return joinOrNone(
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );
}

/** The parts with commas between, or `<none>`. */
export function joinOrNone(parts: readonly string[] | undefined): string {
  return parts === undefined || parts.length === 0 ? none : parts.join(',');
}

/** The column that every table begins with. */
export const nameColumn: Column<HasMeta> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'The name of the object, unique in its namespace.',
  cell: ({ metadata }) => metadata.name ?? '',
};

/** The column that nearly every table ends with. */
export const ageColumn: Column<HasMeta> = {
  name: 'Age',
  type: 'string',
  description: 'How long ago the object was created.',
  cell: ({ metadata }, nowMs) => ageOf(metadata.creationTimestamp, nowMs),
};
