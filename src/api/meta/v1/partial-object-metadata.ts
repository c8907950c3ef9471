import { list, message, of, present, required } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { ObjectMeta } from './object-meta.ts';
import { typeMeta } from './type-meta.ts';

export class PartialObjectMetadata extends message('PartialObjectMetadata.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
}) {}

export class PartialObjectMetadataList extends message('PartialObjectMetadataList.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ListMeta)),
  items: required(list(2, 'The items.', PartialObjectMetadata)),
}) {}
