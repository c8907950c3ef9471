import { int32, message, microTime, of, pointer, required, string, time } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EventSource extends message('Who says it.', {
  component: string(1, 'Which component.'),
  host: string(2, 'On which node.'),
}) {}

export class EventSeries extends message('A row of events that are the same.', {
  count: int32(1, 'How many there were.'),
  lastObservedTime: microTime(2, 'When the last was seen.'),
}) {}

export class Event extends message('Something that happened to an object.', {
  ...typeMeta,
  metadata: required(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  involvedObject: required(of(2, 'The object.', ObjectReference)),
  reason: string(3, 'What happened, in one word.'),
  message: string(4, 'What happened, in a sentence.'),
  source: of(5, 'Who says it.', EventSource),
  firstTimestamp: time(6, 'When it first happened.'),
  lastTimestamp: time(7, 'When it last happened.'),
  count: int32(8, 'How often it happened.'),
  type: string(9, '`Normal` or `Warning`.'),
  eventTime: microTime(10, 'When it first happened, to the microsecond.'),
  series: pointer(of(11, 'The row that it belongs to.', EventSeries)),
  action: string(12, 'What was done about it.'),
  related: pointer(of(13, 'Another object that it is about.', ObjectReference)),
  reportingComponent: string(14, 'The controller that says it, such as `kubernetes.io/kubelet`.', { emitEmpty: true }),
  reportingInstance: string(15, 'Which instance of that controller.', { emitEmpty: true }),
}) {}
