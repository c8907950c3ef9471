import type { KubeObject, Resource } from '#machinery';
import { objectOf } from '../registry/body.ts';
import type { RequestContext, WriteOptions } from '../registry/rest.ts';

/** The review in a body, decoded as every object is. Throws BadRequest. */
export function readReview<T>(resource: Resource<T>, body: unknown, context: RequestContext, options: WriteOptions): T {
  // Reviews have metadata like every object, though nobody reads it; the decoder makes what the message describes.
  return objectOf(resource as unknown as Resource<KubeObject>, body, context, options) as unknown as T;
}
