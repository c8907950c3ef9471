import { parseTime, Quantity } from '#machinery';
import type { Container, Pod, ScopedResourceSelectorRequirement } from '../core/v1/index.ts';
import { isExtended, isNative } from '../core/v1/validation/resource-names.ts';
import { amountsOf, type Amounts } from './amounts.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { podAmountsWithOverhead } from './pod-amounts.ts';
import { isValueInScope } from './scopes.ts';

const countName = 'count/pods';
const compute = ['cpu', 'memory', 'ephemeral-storage'];
const names = new Set([countName, 'pods', ...compute.flatMap((name) => [name, `requests.${name}`, `limits.${name}`])]);
/** Where one of these is limited, every container has to say how much of it it wants. */
const told = new Set(['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]));

/** Pods and what they request and are limited to (`pkg/quota/v1/evaluator/core/pods.go`). */
export const podQuota: QuotaEvaluator<Pod> = {
  counts(name) {
    if (names.has(name) || /^(requests\.)?hugepages-/.test(name)) return true;
    return name.startsWith('requests.') && !isNative(name);
  },
  usage(pod, nowMs) {
    const one = Quantity.of(1);
    // Every pod that is stored has its place; those that have ended use nothing else.
    if (!isCounted(pod, nowMs)) return { [countName]: one };
    const requests = podAmountsWithOverhead(pod.spec, 'requests');
    const limits = podAmountsWithOverhead(pod.spec, 'limits');
    return { [countName]: one, pods: one, ...computeUsage(requests, limits) };
  },
  isInScope,
  missing,
  chargedUpdates: ['resize'],
  freesSomething: (old, pod, nowMs) =>
    isCounted(old, nowMs) && (!isCounted(pod, nowMs) || old.metadata.generation !== pod.metadata.generation),
};

/** Whether the pod runs, or will; one that is stuck in its end does not count, so that another can take its place. */
function isCounted({ metadata, status }: Pod, nowMs: number): boolean {
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds: seconds } = metadata;
  if (deletionTimestamp === undefined || seconds === undefined) return true;
  return nowMs <= parseTime(deletionTimestamp) + seconds * 1000;
}

/** Requests and limits under the names that quotas have for them. */
function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Record<string, Quantity> = {};
  for (const [name, amount] of Object.entries(requests)) {
    const isShared = compute.includes(name) || name.startsWith('hugepages-');
    if (isShared) usage[name] = amount;
    if (isShared || isExtended(name)) usage[`requests.${name}`] = amount;
  }
  for (const [name, amount] of Object.entries(limits)) if (compute.includes(name)) usage[`limits.${name}`] = amount;
  return usage;
}

function isInScope(pod: Pod, scope: ScopedResourceSelectorRequirement): boolean {
  const { spec, status } = pod;
  switch (scope.scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return status.qosClass === 'BestEffort';
    case 'NotBestEffort':
      return status.qosClass !== 'BestEffort';
    case 'PriorityClass':
      return isValueInScope(spec.priorityClassName, scope);
    case 'CrossNamespacePodAffinity':
      return looksIntoNamespaces(pod);
    default:
      return false;
  }
}

/** Whether the pod wants to be near, or far from, pods of other namespaces. */
function looksIntoNamespaces({ spec: { affinity } }: Pod): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((one) => [
    ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(
    ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
  );
}

/** `must specify cpu for: a,b; memory for: a`. */
function missing({ spec }: Pod, limited: readonly string[]): string | undefined {
  const whole = usageOf(spec.resources);
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const lacks = (container: Container, name: string): boolean => !(name in usageOf(container.resources));
  const parts = limited
    .filter((name) => told.has(name) && !(name in whole))
    .sort()
    .map((name) => [name, containers.filter((one) => lacks(one, name)).map((one) => one.name)] as const)
    .filter(([, those]) => those.length > 0);
  if (parts.length === 0) return undefined;
  return `must specify ${parts.map(([name, those]) => `${name} for: ${those.sort().join(',')}`).join('; ')}`;
}

function usageOf(resources: Container['resources']): Amounts {
  return computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits));
}
