import { bytes, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

/** Kept in the store, and never served: OpenAPI does not know it. */
export class RangeAllocation extends message('Which of the numbers of a range are taken.', {
  ...typeMeta,
  metadata: present(of(1, 'What every object has.', ObjectMeta)),
  range: required(string(2, 'The range, `30000-32767`.')),
  data: required(bytes(3, 'A bit for each number, those of the first ones last.')),
}) {}
