import { forbidden, type StatusError } from '#machinery';
import type { Attributes } from './plugin.ts';

/** 403 in the words of `admission.NewForbidden`; `why` ends the sentence. */
export function refused({ resource, name, object }: Attributes, why: string): StatusError {
  return forbidden(resource, name || (object?.metadata.generateName ?? ''), why);
}
