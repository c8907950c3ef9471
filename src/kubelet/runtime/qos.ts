import type { Container, Pod } from '#api';
import { Quantity } from '#machinery';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

type Lists = { requests?: Record<string, string>; limits?: Record<string, string> };
const counted = ['cpu', 'memory'] as const;

/** The quality-of-service class: set by the API server at creation, else computed as upstream (`v1helper.ComputePodQOS`). */
export function podQos(pod: Pod): QosClass {
  return pod.status?.qosClass ?? computeQos(pod);
}

export function computeQos(pod: Pod): QosClass {
  const own = pod.spec.resources;
  const all: readonly Lists[] = own
    ? [own]
    : [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => container.resources ?? {});
  const any = all.some((lists) => counted.some((name) => isSet(lists.requests?.[name]) || isSet(lists.limits?.[name])));
  if (!any) return 'BestEffort';
  const guaranteed = all.every((lists) =>
    counted.every((name) => {
      const limit = lists.limits?.[name];
      const request = lists.requests?.[name] ?? limit;
      return isSet(limit) && isSet(request) && Quantity.parse(limit).compare(Quantity.parse(request)) === 0;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && !Quantity.parse(text).isZero();
}

/** `oom_score_adj` of a container: guaranteed ones go last, best-effort ones first (`pkg/kubelet/qos/policy.go`). */
export function oomScoreAdj(pod: Pod, container: Container, memoryCapacity: number): number {
  if (pod.spec.priorityClassName === 'system-node-critical') return -997;
  const qos = podQos(pod);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const request = Quantity.parse(container.resources?.requests?.['memory'] ?? '0').value();
  const adjusted = 1000 - Math.floor((1000 * request) / memoryCapacity);
  return Math.min(Math.max(adjusted, 3), 999);
}
