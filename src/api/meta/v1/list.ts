import { list, message, of, present, raw, required, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class List extends message('Objects of any kind.', {
  ...typeMeta,
  metadata: present(of(1, 'The version of the list.', ListMeta)),
  items: required(list(2, 'The objects.', raw(0, '', 'rawExtension'))),
}) {}

export class WatchEvent extends message('What a watch tells.', {
  type: required(string(1, '`ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.')),
  object: required(raw(2, 'The object, or a Status.', 'rawExtension')),
}) {}
