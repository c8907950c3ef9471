import { badRequest, type KubeObject } from '#machinery';

interface Named {
  name: string;
  ports?: { containerPort: number }[];
}

/** What the proxies read of a pod. */
export interface PodLike extends KubeObject {
  spec: { nodeName?: string; containers: Named[]; initContainers?: Named[]; ephemeralContainers?: Named[] };
  status?: { podIP?: string; podIPs?: { ip: string }[] };
}

/** The container that is meant: the one that was named, or the only one. Throws BadRequest (`pkg/registry/core/pod/strategy.go`). */
export function containerOf(pod: PodLike, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const names = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  if (asked !== '') {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [first] = containers;
  if (first && containers.length === 1) return first.name;
  const choice = names.length > 0 ? `, choose one of: [${names.join(' ')}]` : '';
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}${choice}`);
}

/** The node that the pod is on. Throws BadRequest while it has none. */
export function hostOf(pod: PodLike): string {
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return pod.spec.nodeName;
}
