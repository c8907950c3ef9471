import { FieldErrors, FieldPath, formatTime, invalid, joinKey, notFound, parseTime, type KubeObject } from '#machinery';
import { finalizersForDeletion, warnOfOrphans } from './finalizers.ts';
import { copyOf } from './managed-fields.ts';
import type { Parts } from './parts.ts';
import { checkPreconditions } from './preconditions.ts';
import type { DeleteOptions, DeleteResult, RequestContext } from './rest.ts';
import type { Change } from './storage.ts';

/**
 * Deletes an object, or marks it: it stays while a grace period runs or finalizers are there (`Store.Delete`). Throws
 * NotFound, Conflict for preconditions.
 */
export async function deleteObject(
  parts: Parts,
  context: RequestContext,
  ns: string,
  name: string,
  options: DeleteOptions,
): Promise<DeleteResult> {
  validateDeleteOptions(options);
  warnOfOrphans(parts.strategy, context, options);
  const dryRun = options.dryRun ?? false;
  const { stored, outcome } = await parts.storage.change(
    joinKey(ns, name),
    async (current) => {
      if (!current) throw notFound(parts.resource, name);
      const old = current.object;
      parts.strategy.checkDelete?.(old);
      checkPreconditions(parts.resource, options.preconditions, old.metadata);
      const { resource } = parts;
      const { user } = context;
      const attributes = {
        operation: 'DELETE',
        resource,
        subresource: '',
        namespace: ns,
        name,
        old,
        user,
        dryRun,
      } as const;
      await parts.admission.mutate(attributes);
      await parts.admission.validate(attributes);
      return decide(parts, old, options);
    },
    dryRun,
  );
  const deleted = outcome === 'deleted';
  if (deleted && !dryRun) await parts.strategy.afterDelete?.(stored.object);
  return { stored, deleted, answersObject: parts.strategy.answersObject ?? false };
}

function decide(parts: Parts, old: KubeObject, options: DeleteOptions): Change {
  const object = copyOf(old);
  const grace = startGrace(parts, object, options);
  // A deletion under way does not take another propagation policy.
  if (grace === 'pending') return { kind: 'keep' };
  setFinalizers(object, finalizersForDeletion(old, options, parts.strategy));
  const hasFinalizers = object.metadata.finalizers !== undefined;
  if (grace === 'none') {
    if (!hasFinalizers && (parts.strategy.mayGo?.(object) ?? true)) return { kind: 'delete' };
    markAsDeleting(parts, object);
    parts.strategy.prepareForDelete?.(object);
    return { kind: 'write', object };
  }
  return grace > 0 || hasFinalizers ? { kind: 'write', object } : { kind: 'delete', answer: object };
}

/**
 * Starts or shortens the object's grace period; returns its seconds, `none` where there is no grace (any more), and
 * `pending` where a shorter one already runs (`registry/rest/delete.go`, BeforeDelete).
 */
function startGrace(parts: Parts, object: KubeObject, options: DeleteOptions): number | 'none' | 'pending' {
  const { strategy, clock } = parts;
  if (!strategy.graceSeconds) return 'none';
  const { metadata } = object;
  const asked = options.gracePeriodSeconds === undefined ? undefined : notNegative(options.gracePeriodSeconds);
  if (metadata.deletionTimestamp !== undefined) {
    const running = notNegative(metadata.deletionGracePeriodSeconds ?? 0);
    if (running === 0) return 'none';
    if (asked === undefined || asked >= running) return 'pending';
    metadata.deletionTimestamp = formatTime(parseTime(metadata.deletionTimestamp) + (asked - running) * 1000);
    metadata.deletionGracePeriodSeconds = asked;
    return asked;
  }
  const seconds = strategy.graceSeconds(object, {
    ...options,
    ...(asked !== undefined && { gracePeriodSeconds: asked }),
  });
  if (seconds === undefined) return 'none';
  metadata.deletionTimestamp = formatTime(clock.now() + seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  bumpGeneration(object);
  return seconds;
}

/** Negative grace periods count as one second. */
function notNegative(seconds: number): number {
  return seconds < 0 ? 1 : seconds;
}

/** The object waits for its finalizers only. */
function markAsDeleting({ clock }: Parts, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined) bumpGeneration(object);
  if (metadata.deletionTimestamp === undefined || parseTime(metadata.deletionTimestamp) > clock.now()) {
    metadata.deletionTimestamp = formatTime(clock.now());
  }
  metadata.deletionGracePeriodSeconds = 0;
}

function bumpGeneration({ metadata }: KubeObject): void {
  if (metadata.generation) metadata.generation++;
}

function setFinalizers({ metadata }: KubeObject, finalizers: string[]): void {
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
}

function validateDeleteOptions({ propagationPolicy, orphanDependents }: DeleteOptions): void {
  const errors = new FieldErrors();
  const at = FieldPath.of('propagationPolicy');
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    errors.invalid(at, propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set');
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    errors.notSupported(at, propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']);
  }
  if (!errors.empty) throw invalid({ group: 'meta.k8s.io', kindName: 'DeleteOptions' }, '', errors);
}
