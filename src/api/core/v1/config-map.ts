import { bool, bytes, map, message, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ConfigMap extends message('Configuration as keys and values.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  immutable: pointer(bool(4, 'Whether its values can never change again.')),
  data: map(2, 'Values that are text.', string(0, '')),
  binaryData: map(3, 'Values that are bytes. A key is here or in `data`, never in both.', bytes(0, '')),
}) {}
