import { Warnings, type KubeObject, type Resource } from '#machinery';
import type { RequestContext } from './rest.ts';

/** Tells the client what its kind warns of in an object that is valid. */
export function tellWarnings(
  { warn }: Resource<KubeObject>,
  context: RequestContext,
  object: KubeObject,
  old?: KubeObject,
): void {
  if (!warn) return;
  const warnings = new Warnings();
  warn(object, warnings, old);
  for (const text of warnings.list) context.warn(text);
}
