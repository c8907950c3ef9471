import { nodes, pods, type Eviction, type Pod } from '#api';
import { isEqualJson } from '#machinery';
import { refused } from '../refused.ts';
import { apiReferenceOf } from '../api-references.ts';
import { notCached, type NodeWrite } from './node-write.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** Kubelets create pods that mirror their own static ones, and delete pods of theirs. */
export function judgePod(write: NodeWrite, pod: Pod | undefined, old: Pod | undefined): void | Promise<void> {
  const { node, attributes } = write;
  if (attributes.operation === 'CREATE' && pod) return judgeMirrorPod(write, pod);
  if (attributes.operation !== 'DELETE') {
    const why = `unexpected operation "${attributes.operation}", node ${JSON.stringify(node)} can only create and delete mirror pods`;
    throw refused(attributes, why);
  }
  if (old?.spec.nodeName === node) return undefined;
  throw refused(attributes, `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`);
}

async function judgeMirrorPod({ node, attributes, lookup }: NodeWrite, pod: Pod): Promise<void> {
  const who = `node ${JSON.stringify(node)}`;
  const refuse = (why: string): Error => refused(attributes, why);
  if (pod.metadata.annotations?.[mirrorAnnotation] === undefined) {
    throw refuse(`pod does not have "${mirrorAnnotation}" annotation, ${who} can only create mirror pods`);
  }
  if (pod.spec.nodeName !== node) throw refuse(`${who} can only create pods with spec.nodeName set to itself`);
  const [owner, more] = pod.metadata.ownerReferences ?? [];
  if (more) throw refuse(`${who} can only create pods with a single owner reference set to itself`);
  if (!owner || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    throw refuse(`${who} can only create pods with an owner reference set to itself`);
  }
  if (!owner.controller) throw refuse(`${who} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion) throw refuse(`${who} must not set blockOwnerDeletion on an owner reference`);
  const own = await lookup.read(nodes, '', node);
  if (!own) throw notCached('node', node);
  if (owner.uid !== own.metadata.uid) {
    throw refuse(`node ${node} UID mismatch: expected ${owner.uid} got ${own.metadata.uid}`);
  }
  const referenced = apiReferenceOf(pod);
  if (referenced) throw refuse(`${who} can not create pods that reference ${referenced}`);
}

/** A kubelet tells the state of its own pods; who they are, and which claims they got, others say. */
export function judgePodStatus({ node, attributes }: NodeWrite, pod: Pod, old: Pod): void {
  const who = `node ${JSON.stringify(node)}`;
  const refuse = (why: string): Error => refused(attributes, why);
  if (attributes.operation !== 'UPDATE') throw refuse(`unexpected operation "${attributes.operation}"`);
  if (old.spec.nodeName !== node) {
    throw refuse(`${who} can only update pod status for pods with spec.nodeName set to itself`);
  }
  if (!isEqualJson(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    throw refuse(`${who} cannot update labels through pod status`);
  }
  if (!isEqualJson(pod.status.resourceClaimStatuses ?? [], old.status.resourceClaimStatuses ?? [])) {
    throw refuse(`${who} cannot update resource claim statues`); // upstream spells it so
  }
  if (!isEqualJson(pod.status.extendedResourceClaimStatus, old.status.extendedResourceClaimStatus)) {
    throw refuse(`${who} cannot update extended resource claim status`);
  }
}

export async function judgeEviction({ node, attributes, lookup }: NodeWrite, eviction: Eviction): Promise<void> {
  const name = attributes.name || (eviction.metadata.name ?? '');
  if (name === '') throw refused(attributes, 'could not determine pod from request data');
  const pod = (await lookup.read(pods, attributes.namespace, name)) as Pod | undefined;
  if (!pod) throw notCached('pod', name);
  if (pod.spec.nodeName !== node) {
    throw refused(attributes, `node ${node} can only evict pods with spec.nodeName set to itself`);
  }
}
