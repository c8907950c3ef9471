import { list, message, of, present, required } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { ObjectMeta } from './object-meta.ts';
import { typeMeta } from './type-meta.ts';

export class PartialObjectMetadata extends message('The metadata of an object of any kind.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
}) {}

export class PartialObjectMetadataList extends message('The metadata of objects of any kind.', {
  ...typeMeta,
  metadata: present(of(1, 'The version of the list, and where it goes on.', ListMeta)),
  items: required(list(2, 'The objects.', PartialObjectMetadata)),
}) {}
