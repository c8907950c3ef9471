import { ageOf, type Cell, type Column } from '#machinery';
import type { Event } from './event.ts';

/** What the columns read of an event, however its version of the API names it. */
export type PrintedEvent = Omit<Event, 'kind' | 'apiVersion'>;

/** What `kubectl get events` shows, of objects that `eventOf` reads. */
export function eventColumns<T>(eventOf: (object: T) => PrintedEvent): readonly Column<T>[] {
  const column = (
    name: string,
    description: string,
    cell: (event: PrintedEvent, nowMs: number) => Cell,
    facts: Partial<Column<T>> = {},
  ): Column<T> => ({
    name,
    type: 'string',
    description,
    ...facts,
    cell: (object, nowMs) => cell(eventOf(object), nowMs),
  });
  const wide = { priority: 1 } as const;
  return [
    column('Last Seen', 'How long ago it happened last.', lastSeen),
    column('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
    column('Reason', 'Why, in one word for machines.', ({ reason }) => reason ?? ''),
    column('Object', 'What the event is about.', objectOf),
    column('Subobject', 'Which part of it.', ({ involvedObject }) => involvedObject.fieldPath ?? '', wide),
    column('Source', 'Who tells.', sourceOf, wide),
    column('Message', 'What happened, for people.', ({ message }) => (message ?? '').trim()),
    column('First Seen', 'How long ago it happened first.', firstSeen, wide),
    column('Count', 'How often it happened.', countOf, wide),
    column('Name', 'The name of the event.', ({ metadata }) => metadata.name ?? '', { ...wide, format: 'name' }),
  ];
}

function firstSeen({ firstTimestamp, eventTime }: PrintedEvent, nowMs: number): string {
  return ageOf(firstTimestamp ?? eventTime, nowMs);
}

function lastSeen(event: PrintedEvent, nowMs: number): string {
  const { series, lastTimestamp } = event;
  if (series) return ageOf(series.lastObservedTime, nowMs);
  return lastTimestamp === undefined ? firstSeen(event, nowMs) : ageOf(lastTimestamp, nowMs);
}

/** Events of the new kind happen once unless they have a series. */
function countOf({ series, count }: PrintedEvent): number {
  return series ? (series.count ?? 0) : count || 1;
}

function objectOf({ involvedObject: { kind = '', name } }: PrintedEvent): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function sourceOf({ source, reportingComponent, reportingInstance }: PrintedEvent): string {
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}
