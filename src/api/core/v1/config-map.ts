import { bool, bytes, map, message, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ConfigMap extends message('ConfigMap.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  immutable: pointer(bool(4, 'The immutable.')),
  data: map(2, 'The data.', string(0, '')),
  binaryData: map(3, 'The binary data.', bytes(0, '')),
}) {}
