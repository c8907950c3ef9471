import type { Container, Pod } from '#api';
import { sameJson } from '../status/status-patch.ts';
import { allContainers } from './containers.ts';

type Resources = Container['resources'];

/** Why a pod does not get the resources that it now asks for. */
export interface PendingResize {
  readonly reason: 'Deferred' | 'Infeasible';
  readonly message: string;
}

/** Whether the node can give a pod, which it has, these resources. */
export type JudgeResize = (resized: Pod) => PendingResize | undefined;

/**
 * What the node has promised a pod: the resources it was admitted with, until it asks for others that fit
 * (`pkg/kubelet/allocation`). A restarted kubelet reads from the pod's status what was promised before.
 */
export class Allocation {
  readonly #promised: Map<string, Resources>;
  #pending: PendingResize | undefined;

  constructor(pod: Pod) {
    this.#promised = new Map(allContainers(pod).map((container) => [container.name, toldOf(pod, container)]));
  }

  /** Why the pod has not all that it asks for. */
  get pending(): PendingResize | undefined {
    return this.#pending;
  }

  /** Promises what the pod asks for now, if it can be had. */
  consider(pod: Pod, judge: JudgeResize): void {
    this.#pending = this.#isPromised(pod) ? undefined : judge(pod);
    if (this.#pending) return;
    for (const { name, resources } of allContainers(pod)) this.#promised.set(name, resources);
  }

  /** The pod with the resources that it was promised. */
  of(pod: Pod): Pod {
    if (this.#isPromised(pod)) return pod;
    const promised = <C extends Container>(container: C): C => ({
      ...container,
      resources: this.#promised.get(container.name),
    });
    const { containers, initContainers } = pod.spec;
    const spec = {
      ...pod.spec,
      containers: containers.map(promised),
      ...(initContainers && { initContainers: initContainers.map(promised) }),
    };
    return { ...pod, spec };
  }

  #isPromised(pod: Pod): boolean {
    return allContainers(pod).every(
      ({ name, resources }) => !this.#promised.has(name) || sameJson(resources, this.#promised.get(name)),
    );
  }
}

function toldOf({ status }: Pod, { name, resources }: Container): Resources {
  const told = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    (one) => one.name === name,
  );
  if (!told?.containerID || !told.resources) return resources;
  const { allocatedResources } = told;
  return { ...resources, ...told.resources, ...(allocatedResources && { requests: allocatedResources }) };
}
