import type { KubeObject } from '#machinery';
import type { DeleteOptions, RequestContext } from './rest.ts';
import type { Strategy } from './strategy.ts';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/**
 * The finalizers of an object that is being deleted: the caller's propagation policy becomes a finalizer for the garbage
 * collector. What the caller says goes before what the object has, and that before what its kind does by default
 * (`deletionFinalizersForGarbageCollection`).
 */
export function finalizersForDeletion(
  { metadata }: KubeObject,
  options: DeleteOptions,
  { garbageCollection }: Strategy,
): string[] {
  const present = metadata.finalizers ?? [];
  const others = present.filter((one) => one !== orphan && one !== foreground);
  if (garbageCollection === 'unsupported') return others;
  const wanted = policyOf(options) ?? present.find((one) => one === orphan || one === foreground);
  const policy = wanted ?? (garbageCollection === 'orphan' ? orphan : 'background');
  return policy === 'background' ? others : [...others, policy];
}

/** Tells who deletes without saying what is to become of the dependents, where that surprises. */
export function warnOfOrphans({ orphanWarning }: Strategy, context: RequestContext, options: DeleteOptions): void {
  if (orphanWarning !== undefined && policyOf(options) === undefined) context.warn(orphanWarning);
}

function policyOf({ orphanDependents, propagationPolicy }: DeleteOptions): string | undefined {
  if (orphanDependents !== undefined) return orphanDependents ? orphan : 'background';
  if (propagationPolicy === 'Orphan') return orphan;
  if (propagationPolicy === 'Foreground') return foreground;
  return propagationPolicy === 'Background' ? 'background' : undefined;
}
