import { int32, message, microTime, of, pointer, present, required, string, time } from '#machinery';
import { EventSource } from '../../core/v1/event.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EventSeries extends message('EventSeries.', {
  count: required(int32(1, 'The count.')),
  lastObservedTime: required(microTime(2, 'The last observed time.')),
}) {}

export class Event extends message('Event.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  eventTime: required(microTime(2, 'The event time.')),
  series: pointer(of(3, 'The series.', EventSeries)),
  reportingController: string(4, 'The reporting controller.'),
  reportingInstance: string(5, 'The reporting instance.'),
  action: string(6, 'The action.'),
  reason: string(7, 'The reason.'),
  regarding: of(8, 'The regarding.', ObjectReference),
  related: pointer(of(9, 'The related.', ObjectReference)),
  note: string(10, 'The note.'),
  type: string(11, 'The type.'),
  deprecatedSource: of(12, 'The deprecated source.', EventSource),
  deprecatedFirstTimestamp: time(13, 'The deprecated first timestamp.'),
  deprecatedLastTimestamp: time(14, 'The deprecated last timestamp.'),
  deprecatedCount: int32(15, 'The deprecated count.'),
}) {}
