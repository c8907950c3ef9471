import { int32, message, microTime, of, pointer, present, required, string, time } from '#machinery';
import { EventSource } from '../../core/v1/event.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EventSeries extends message('A row of events that are the same.', {
  count: required(int32(1, 'How many there were.')),
  lastObservedTime: required(microTime(2, 'When the last was seen.')),
}) {}

export class Event extends message(
  'Something that happened to an object. The same objects as the events of the core group.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    eventTime: required(microTime(2, 'When it first happened.')),
    series: pointer(of(3, 'The row that it belongs to.', EventSeries)),
    reportingController: string(4, 'The controller that says it, such as `kubernetes.io/kubelet`.'),
    reportingInstance: string(5, 'Which instance of that controller.'),
    action: string(6, 'What was done or failed.'),
    reason: string(7, 'Why it was done, in one word.'),
    regarding: of(8, 'The object.', ObjectReference),
    related: pointer(of(9, 'Another object that it is about.', ObjectReference)),
    note: string(10, 'What happened, in a sentence.'),
    type: string(11, '`Normal` or `Warning`.'),
    deprecatedSource: of(12, 'The `source` of the core group.', EventSource),
    deprecatedFirstTimestamp: time(13, 'The `firstTimestamp` of the core group.'),
    deprecatedLastTimestamp: time(14, 'The `lastTimestamp` of the core group.'),
    deprecatedCount: int32(15, 'The `count` of the core group.'),
  },
) {}
