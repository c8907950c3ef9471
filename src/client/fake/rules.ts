import { randomSuffix, randomUuid, type Clock, type Random } from '#base';
import {
  decode,
  formatTime,
  jsonPatch,
  mergePatch,
  strategicMergePatch,
  unsupportedMediaType,
  type KubeObject,
} from '#machinery';
import type { ApiResource, PatchType } from '../request.ts';

/** An object as these rules see it: plain JSON with the parts that all kinds share. */
export interface Loose extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

interface DeleteBody {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** What the registry fills in at a creation. */
export function prepareForCreate(
  resource: ApiResource,
  sent: Loose,
  namespace: string | undefined,
  { clock, random }: { clock: Clock; random: Random },
): Loose {
  const { generateName, name = generateName ? `${generateName}${randomSuffix(random)}` : '' } = sent.metadata;
  const metadata = {
    ...sent.metadata,
    name,
    ...(resource.namespaced && { namespace: namespace ?? sent.metadata.namespace ?? 'default' }),
    uid: sent.metadata.uid ?? randomUuid(random),
    creationTimestamp: sent.metadata.creationTimestamp ?? formatTime(clock.now()),
    ...(sent.spec && { generation: 1 }),
  };
  const object: Loose = { ...sent, apiVersion: resource.apiVersion, kind: resource.kindName, metadata };
  return resource.plural === 'namespaces' ? asNamespace(object) : object;
}

/** A creation through the API starts without a status where the status is a subresource. */
export function withFreshStatus(resource: ApiResource, object: Loose): Loose {
  if (!resource.subresources?.['status'] || resource.plural === 'namespaces') return object;
  return { ...object, status: resource.plural === 'pods' ? { phase: 'Pending' } : {} };
}

function asNamespace(object: Loose): Loose {
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name ?? '' };
  const spec = { finalizers: ['kubernetes'], ...object.spec };
  return { ...object, metadata: { ...object.metadata, labels }, spec, status: { phase: 'Active', ...object.status } };
}

/** What is stored when `sent` replaces `old`: the server's own fields stay, and spec and status keep out of each other. */
export function prepareForUpdate(
  resource: ApiResource,
  old: Loose,
  sent: Loose,
  subresource: string | undefined,
): Loose {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
  const server = { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation };
  const next: Loose = { ...sent, apiVersion: resource.apiVersion, kind: resource.kindName };
  next.metadata = JSON.parse(JSON.stringify({ ...sent.metadata, ...server })) as KubeObject['metadata'];
  if (subresource === 'status') return { ...old, metadata: old.metadata, status: sent.status };
  if (resource.subresources?.['status']) next.status = old.status;
  if (next.status === undefined) delete next.status;
  const changed = JSON.stringify(old.spec) !== JSON.stringify(next.spec);
  if (changed) next.metadata.generation = (generation ?? 0) + 1;
  return next;
}

/** What a deletion makes of an object: the object that waits for its end, or undefined when it is gone at once. */
export function prepareForDelete(resource: ApiResource, old: Loose, body: DeleteBody, clock: Clock): Loose | undefined {
  const finalizers = finalizersAfter(old.metadata.finalizers ?? [], body.propagationPolicy);
  const graceSeconds = resource.plural === 'pods' ? podGraceSeconds(old, body.gracePeriodSeconds) : 0;
  const spec = old.spec ?? {};
  const held = resource.plural === 'namespaces' && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0;
  const shortens = graceSeconds < (old.metadata.deletionGracePeriodSeconds ?? Infinity);
  if (finalizers.length === 0 && graceSeconds === 0 && !held) return undefined;
  const metadata = { ...old.metadata, ...(finalizers.length > 0 && { finalizers }) };
  if (metadata.deletionTimestamp === undefined || shortens) {
    metadata.deletionTimestamp = formatTime(clock.now() + graceSeconds * 1000);
    metadata.deletionGracePeriodSeconds = graceSeconds;
  }
  const status = held ? { ...old.status, phase: 'Terminating' } : old.status;
  return { ...old, metadata, ...(status && { status }) };
}

/** Whether an object that was deleted has nothing left to wait for. */
export function isFinished(resource: ApiResource, { metadata, spec }: Loose): boolean {
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers?.length ?? 0) > 0) return false;
  if (resource.plural === 'namespaces') return ((spec?.['finalizers'] as unknown[] | undefined)?.length ?? 0) === 0;
  return resource.plural !== 'pods' || (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

function finalizersAfter(finalizers: readonly string[], policy: string | undefined): string[] {
  const others = finalizers.filter((one) => one !== 'orphan' && one !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...others, 'orphan'];
  if (policy === 'Foreground') return [...others, 'foregroundDeletion'];
  return policy === 'Background' ? others : [...finalizers];
}

/** A pod that no kubelet has, or that has ended, goes at once. */
function podGraceSeconds({ spec = {}, status = {} }: Loose, asked: number | undefined): number {
  const ended = status['phase'] === 'Succeeded' || status['phase'] === 'Failed';
  if (!spec['nodeName'] || ended) return 0;
  return asked ?? Number(spec['terminationGracePeriodSeconds'] ?? 30);
}

/** The patched object; strategic merge where the resource's type is known, else as a merge patch. */
export function patched(resource: ApiResource, old: Loose, patch: unknown, type: PatchType | undefined): unknown {
  const { kind } = resource;
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch(old, patch);
    case 'application/strategic-merge-patch+json':
      return kind ? strategicMergePatch(kind, old, patch) : mergePatch(old, patch);
    case 'application/apply-patch+yaml':
      throw unsupportedMediaType(type, ['application/merge-patch+json']);
    default:
      return mergePatch(old, patch);
  }
}

/** The object as the API server would read it: what its type holds by value is there, what the type does not know is not. */
export function decoded(resource: ApiResource, object: Loose): Loose {
  const { kind } = resource;
  return kind ? (decode(kind, structuredClone(object)).object as Loose) : object;
}
