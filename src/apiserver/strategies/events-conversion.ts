import { Event, EventV1 } from '#api';
import type { KubeObject } from '#machinery';
import type { Conversion } from '../registry/converted-rest.ts';

/** Fields that only their name tells apart (`pkg/apis/events/v1/conversion.go`): events.k8s.io, core. */
const renamed = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const;
const toCore = new Map<string, string>(renamed);
const fromCore = new Map<string, string>(renamed.map(([v1, core]) => [core, v1]));

/** Between `events.k8s.io/v1` and the core group's events, which are what is stored. */
export const eventsConversion: Conversion = {
  toStored: (object) => ({ ...rename(object, toCore), apiVersion: 'v1', kind: 'Event' }),
  fromStored: (object) => withoutEmpty(rename(object, fromCore)),
  storedField: (field) => field.replace(/^regarding\./, 'involvedObject.').replace(/^reportingController$/, 'source'),
  versions(object, _from, to) {
    if (to === 'v1') return { message: Event, object: { ...rename(object, toCore), apiVersion: to } };
    if (to !== 'events.k8s.io/v1') return undefined;
    return { message: EventV1, object: { ...rename(object, fromCore), apiVersion: to } };
  },
};

/** What the core group writes though it says nothing. */
function withoutEmpty(event: KubeObject & { reportingController?: string; reportingInstance?: string }): KubeObject {
  if (event.reportingController === '') delete event.reportingController;
  if (event.reportingInstance === '') delete event.reportingInstance;
  return event;
}

function rename(object: object, names: ReadonlyMap<string, string>): KubeObject {
  const entries = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value] as const);
  return Object.fromEntries(entries) as unknown as KubeObject; // metadata keeps its name
}
