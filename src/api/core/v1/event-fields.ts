import type { PrintedEvent } from './event-columns.ts';

/** What events can be selected by (`pkg/registry/core/event/strategy.go`); `about` is the name of the object's field. */
export function eventFields<T>(
  about: 'involvedObject' | 'regarding',
  eventOf: (object: T) => PrintedEvent,
): Readonly<Record<string, (object: T) => string>> {
  const field = (read: (event: PrintedEvent) => string | undefined) => (object: T) => read(eventOf(object)) ?? '';
  const parts = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;
  const controller = about === 'regarding' ? 'reportingController' : 'reportingComponent';
  return {
    ...Object.fromEntries(parts.map((part) => [`${about}.${part}`, field((event) => event.involvedObject[part])])),
    reason: field(({ reason }) => reason),
    type: field(({ type }) => type),
    [controller]: field(({ reportingComponent }) => reportingComponent),
    ...(about === 'involvedObject' && {
      source: field(({ source, reportingComponent }) => source?.component || reportingComponent),
    }),
  };
}
