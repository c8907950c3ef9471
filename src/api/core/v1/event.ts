import { int32, message, microTime, of, pointer, required, string, time } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EventSource extends message('EventSource.', {
  component: string(1, 'The component.'),
  host: string(2, 'The host.'),
}) {}

export class EventSeries extends message('EventSeries.', {
  count: int32(1, 'The count.'),
  lastObservedTime: microTime(2, 'The last observed time.'),
}) {}

export class Event extends message('Event.', {
  ...typeMeta,
  metadata: required(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  involvedObject: required(of(2, 'The involved object.', ObjectReference)),
  reason: string(3, 'The reason.'),
  message: string(4, 'The message.'),
  source: of(5, 'The source.', EventSource),
  firstTimestamp: time(6, 'The first timestamp.'),
  lastTimestamp: time(7, 'The last timestamp.'),
  count: int32(8, 'The count.'),
  type: string(9, 'The type.'),
  eventTime: microTime(10, 'The event time.'),
  series: pointer(of(11, 'The series.', EventSeries)),
  action: string(12, 'The action.'),
  related: pointer(of(13, 'The related.', ObjectReference)),
  reportingComponent: string(14, 'The reporting component.', { emitEmpty: true }),
  reportingInstance: string(15, 'The reporting instance.', { emitEmpty: true }),
}) {}
