import { bool, bytes, map, message, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Secret extends message("Keys and values that are not for everybody's eyes.", {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  immutable: pointer(bool(5, 'Whether its values can never change again.')),
  data: map(2, 'The values, in base64.', bytes(0, '')),
  stringData: map(4, 'Values as text, to write only; they are put into `data`.', string(0, '')),
  type: string(3, 'What it is for; `Opaque` by default.'),
}) {}
