import { string } from '#machinery';

/** What says which type an object is of. JSON only; protobuf says it in the envelope. */
export const typeMeta = {
  kind: string(0, 'The kind of the object, in CamelCase.'),
  apiVersion: string(0, 'The group and version that the object is written in.'),
};
