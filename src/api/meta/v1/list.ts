import { list, message, of, present, raw, required, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class List extends message('List.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ListMeta)),
  items: required(list(2, 'The items.', raw(0, '', 'rawExtension'))),
}) {}

export class WatchEvent extends message('WatchEvent.', {
  type: required(string(1, 'The type.')),
  object: required(raw(2, 'The object.', 'rawExtension')),
}) {}
