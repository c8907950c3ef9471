import { Eviction, type Pod } from '#api';
import { retryOnConflict } from '#client';
import { badRequest, FieldErrors, FieldPath, formatTime, generic, invalid, isObject, isStatusError } from '#machinery';
import { createdAnswer } from '../registry/answers.ts';
import { decodeAs } from '../registry/body.ts';
import { checkPreconditions } from '../registry/preconditions.ts';
import type { DeleteOptions, RequestContext, SubresourceRest, WriteOptions } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import { stillProcessed, type DisruptionBudgets } from './disruption-budgets.ts';
import { setPodCondition } from './pod-conditions.ts';

const maxTries = 20;

/** `pods/eviction`: a deletion that disruption budgets may refuse (`pkg/registry/core/pod/storage/eviction.go`). */
export function podEviction(budgets: DisruptionBudgets): (store: ResourceStore<Pod>) => SubresourceRest {
  return (store) => ({
    async create(context, ns, name, body, options = {}) {
      const wanted = { apiVersion: 'policy/v1', kind: 'Eviction' };
      const eviction = decodeAs(Eviction, wanted, inWantedVersion(body), context, options);
      eviction.metadata.namespace ??= ns;
      const deletion = deletionOf(eviction, name, options);
      await admit(store, context, eviction, deletion.dryRun);
      await evict({ store, context, ns, name, deletion }, budgets);
      return createdAnswer();
    },
  });
}

/** Old clients know evictions of policy/v1beta1 only, which say the same. */
function inWantedVersion(body: unknown): unknown {
  return isObject(body) && body.apiVersion === 'policy/v1beta1' ? { ...body, apiVersion: 'policy/v1' } : body;
}

type Deletion = DeleteOptions & { dryRun: boolean };

interface Target {
  readonly store: ResourceStore<Pod>;
  readonly context: RequestContext;
  readonly ns: string;
  readonly name: string;
  readonly deletion: Deletion;
}

/** How the pod is to be deleted; a dry run may be asked for with the request or within the eviction. */
function deletionOf({ metadata, deleteOptions = {} }: Eviction, name: string, options: WriteOptions): Deletion {
  if (metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun = [] } = deleteOptions;
  if (deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential) throw notForEvictions(name);
  if (options.dryRun && dryRun.length > 0 && (dryRun.length !== 1 || dryRun[0] !== 'All')) {
    const message = `Non-matching dry-run options in request and content: [All] and [${dryRun.join(' ')}]`;
    throw generic({ code: 500, reason: '', message });
  }
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(preconditions && { preconditions }),
    dryRun: options.dryRun === true || dryRun.length > 0,
  };
}

function notForEvictions(name: string): Error {
  const errors = new FieldErrors();
  const at = FieldPath.of('deleteOptions', 'ignoreStoreReadErrorWithClusterBreakingPotential');
  errors.invalid(at, true, 'can not be set for pod eviction, try after removing the option');
  return invalid({ group: 'policy', kindName: 'Eviction' }, name, errors);
}

async function admit(
  { parts }: ResourceStore<Pod>,
  { user }: RequestContext,
  object: Eviction,
  dryRun: boolean,
): Promise<void> {
  const { namespace = '', name = '' } = object.metadata;
  const { resource, admission } = parts;
  const attributes = {
    operation: 'CREATE',
    resource,
    subresource: 'eviction',
    namespace,
    name,
    object,
    user,
    dryRun,
  } as const;
  await admission.mutate(attributes);
  await admission.validate(attributes);
}

async function evict(target: Target, budgets: DisruptionBudgets): Promise<void> {
  const { context, deletion } = target;
  const pod = await evictUnguarded(target);
  if (!pod) return;
  const verdict = await budgets.judge(context, pod, deletion.dryRun);
  if (verdict.kind !== 'unhealthy') return remove(target, deletion);
  try {
    // The verdict holds only as long as the pod does not become healthy.
    await remove(target, atVersionOf(pod, deletion));
  } catch (error) {
    const isOvertaken = isStatusError(error, 'Conflict') && !hasVersion(deletion);
    throw isOvertaken ? stillProcessed(verdict.budget) : error;
  }
}

/** Evicts a pod that no budget guards; returns the pod where one may. */
async function evictUnguarded(target: Target): Promise<Pod | undefined> {
  const { store, context, ns, name, deletion } = target;
  // Who says which version is meant does not mean the next one.
  const tries = hasVersion(deletion) ? 1 : maxTries;
  return retryOnConflict(async () => {
    const pod = (await store.get(context, ns, name)).object as Pod;
    const { phase = '' } = pod.status;
    const isEnding = ['Succeeded', 'Failed'].includes(phase) || pod.metadata.deletionTimestamp !== undefined;
    if (!isEnding && phase !== 'Pending') return pod;
    // A pending pod may become one that counts, a pod that is ending never does.
    const fixed = isEnding || hasVersion(deletion) ? deletion : atVersionOf(pod, deletion);
    await remove(target, fixed);
    return undefined;
  }, tries);
}

function hasVersion({ preconditions }: Deletion): boolean {
  return preconditions?.resourceVersion !== undefined;
}

function atVersionOf({ metadata: { resourceVersion = '' } }: Pod, deletion: Deletion): Deletion {
  return { ...deletion, preconditions: { ...deletion.preconditions, resourceVersion } };
}

/** Writes down why the pod goes, and deletes it. */
async function remove({ store, context, ns, name }: Target, deletion: Deletion): Promise<void> {
  if (deletion.dryRun) return void (await store.delete(context, ns, name, deletion));
  const now = formatTime(store.parts.clock.now());
  const strategy = { validatesObject: false };
  const marked = await store.modify(context, { ns, name, subresource: 'status', strategy }, (pod, old) => {
    checkPreconditions(store.parts.resource, deletion.preconditions, old.metadata);
    const reason = 'EvictionByEvictionAPI';
    const message = 'Eviction API: evicting';
    setPodCondition(pod, { type: 'DisruptionTarget', status: 'True', reason, message }, now);
  });
  // The mark has made a new version, which is the one that is meant now.
  const wanted = hasVersion(deletion) ? atVersionOf(marked.object, deletion) : deletion;
  await store.delete(context, ns, name, wanted);
}
