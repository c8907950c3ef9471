import { int64, message, of, present, raw, required } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ControllerRevision extends message(
  'A state of a DaemonSet or StatefulSet to go back to. It never changes.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    data: raw(2, 'The state.', 'rawExtension'),
    revision: required(int64(3, 'Its number.')),
  },
) {}
