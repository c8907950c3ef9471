import { bool, bytes, map, message, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Secret extends message('Secret.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  immutable: pointer(bool(5, 'The immutable.')),
  data: map(2, 'The data.', bytes(0, '')),
  stringData: map(4, 'The string data.', string(0, '')),
  type: string(3, 'The type.'),
}) {}
