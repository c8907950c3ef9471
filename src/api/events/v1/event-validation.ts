import { FieldPath, isDns1123Subdomain, isEqualJson, type FieldErrors } from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { Event } from './event.ts';

/**
 * The rules of events that are written in this version, beside those of all events (`pkg/apis/core/validation/events.go`): what is
 * old must not be said, and nothing but the series changes later. Paths are those of the core group, as upstream has them.
 */
export function validateEventV1(event: Event, errors: FieldErrors, old?: Event): void {
  if (!old || !isEqualJson(event.series, old.series)) validateSeries(event, errors);
  if (old) validateUpdate(event, old, errors);
  else validateNew(event, errors);
}

function validateSeries({ series }: Event, errors: FieldErrors): void {
  if (!series) return;
  if (series.count < 2) errors.invalid(FieldPath.of('series.count'), '', 'should be at least 2');
  if (!series.lastObservedTime) errors.required(FieldPath.of('series.lastObservedTime'));
}

function validateNew(event: Event, errors: FieldErrors): void {
  const { metadata, eventTime, type = '', deprecatedSource } = event;
  const name = metadata.name ?? '';
  for (const why of isDns1123Subdomain(name)) errors.invalid(FieldPath.of('metadata', 'name'), name, why);
  if (!eventTime) errors.required(FieldPath.of('eventTime'));
  if (type !== 'Normal' && type !== 'Warning') {
    errors.invalid(FieldPath.of('type'), '', `has invalid value: ${type}`);
  }
  const old = {
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
    source: deprecatedSource?.component || deprecatedSource?.host,
  };
  for (const [name, value] of Object.entries(old)) {
    if (value) errors.invalid(FieldPath.of(name), '', 'needs to be unset');
  }
}

const immutable = {
  regarding: 'involvedObject',
  reason: 'reason',
  note: 'message',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
  type: 'type',
  eventTime: 'eventTime',
  action: 'action',
  related: 'related',
  reportingController: 'reportingController',
  reportingInstance: 'reportingInstance',
} as const satisfies Partial<Record<keyof Event, string>>;

function validateUpdate(event: Event, old: Event, errors: FieldErrors): void {
  for (const [name, told] of Object.entries(immutable) as [keyof typeof immutable, string][]) {
    // Go does not tell what is absent from what says nothing.
    const [now, before] = [event[name] || undefined, old[name] || undefined];
    const none = typeof (now ?? before) === 'string' ? '' : undefined;
    validateImmutable(now ?? none, before ?? none, errors, FieldPath.of(told));
  }
}
