import type { Node } from '#api';
import { isEqualJson } from '#machinery';
import { refused } from '../refused.ts';
import type { NodeWrite } from './node-write.ts';

/** Nodes write themselves, and not what would lead other people's pods to them. */
export function judgeNode(write: NodeWrite, object: Node | undefined, old: Node | undefined): void {
  const { node, attributes } = write;
  const name = attributes.name || (object?.metadata.name ?? '');
  if (name !== node) throw refusal(write, `is not allowed to modify node ${JSON.stringify(name)}`);
  if (attributes.operation === 'CREATE' && object) judgeNew(write, object);
  if (attributes.operation === 'UPDATE' && object && old) judgeChanged(write, object, old);
}

function judgeNew(write: NodeWrite, { metadata, spec }: Node): void {
  if (spec.configSource) throw refusal(write, 'is not allowed to create pods with a non-nil configSource');
  const labels = forbiddenLabels(metadata.labels, {});
  if (labels !== '') throw refusal(write, `is not allowed to set the following labels: ${labels}`);
}

function judgeChanged(write: NodeWrite, { metadata, spec }: Node, old: Node): void {
  if (spec.configSource && !isEqualJson(spec.configSource, old.spec.configSource)) {
    throw refusal(write, 'is not allowed to update configSource to a new non-nil configSource');
  }
  if (!isEqualJson(spec.taints ?? [], old.spec.taints ?? [])) {
    throw refusal(write, 'is not allowed to modify taints');
  }
  if (!isEqualJson(metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? [])) {
    throw refusal(write, 'is not allowed to modify ownerReferences');
  }
  const labels = forbiddenLabels(metadata.labels, old.metadata.labels);
  if (labels !== '') throw refused(write.attributes, `is not allowed to modify labels: ${labels}`);
}

function refusal({ node, attributes }: NodeWrite, why: string): Error {
  return refused(attributes, `node ${JSON.stringify(node)} ${why}`);
}

type Labels = Readonly<Record<string, string>>;

function forbiddenLabels(labels: Labels = {}, old: Labels = {}): string {
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(old)])].filter((key) => labels[key] !== old[key]);
  return changed.filter(isForbidden).sort().join(', ');
}

function isForbidden(label: string): boolean {
  const namespace = label.includes('/') ? (label.split('/')[0] ?? '') : '';
  if (isWithin(namespace, 'node-restriction.kubernetes.io')) return true;
  return (isWithin(namespace, 'kubernetes.io') || isWithin(namespace, 'k8s.io')) && !isKubeletLabel(label, namespace);
}

function isWithin(namespace: string, domain: string): boolean {
  return namespace === domain || namespace.endsWith(`.${domain}`);
}

/** The labels that kubelets give themselves (`kubelet/pkg/apis/well_known_labels.go`). */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);

function isKubeletLabel(label: string, namespace: string): boolean {
  if (kubeletLabels.has(label)) return true;
  return isWithin(namespace, 'kubelet.kubernetes.io') || isWithin(namespace, 'node.kubernetes.io');
}
