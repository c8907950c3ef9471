import type { Clock } from '#base';
import { copyJson, dropFields, formatTime, keepFields } from '#machinery';
import { qosClassOf, type Container, type Pod } from '#api';
import type { DeleteOptions, RequestContext } from '../registry/rest.ts';
import type { Strategy, UpdateStrategy } from '../registry/strategy.ts';
import type { DisruptionBudgets } from './disruption-budgets.ts';
import { podBinding } from './pod-binding.ts';
import { confineByAnnotations, mergeLabelKeys } from './pod-completion.ts';
import { setPodCondition } from './pod-conditions.ts';
import { podEviction } from './pod-eviction.ts';
import { bumpGeneration, keepMetadata, keepSpec, keepStatus, specChanged } from './spec-and-status.ts';

/** Pods (`pkg/registry/core/pod/strategy.go`). */
export function podStrategy(budgets: DisruptionBudgets, clock: Clock): Strategy<Pod> {
  return {
    answersObject: true,
    prepareForCreate: (pod, context) => prepareForCreate(pod, context, formatTime(clock.now())),
    prepareForUpdate(pod, old) {
      keepStatus(pod, old);
      if (specChanged(pod, old)) bumpGeneration(pod);
    },
    graceSeconds,
    subresources: {
      status: (store) => store.partial('status', podStatusStrategy),
      ephemeralcontainers: (store) => store.partial('ephemeralcontainers', ephemeralContainersStrategy),
      resize: (store) => store.partial('resize', resizeStrategy),
      binding: podBinding,
      eviction: podEviction(budgets),
    },
  };
}

function prepareForCreate(pod: Pod, context: RequestContext, now: string): void {
  pod.metadata.generation = 1;
  pod.status = { phase: 'Pending', qosClass: qosClassOf(pod) };
  if (pod.spec.schedulingGates?.length) {
    const message = 'Scheduling is blocked due to non-empty scheduling gates';
    setPodCondition(pod, { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message }, now);
  }
  mergeLabelKeys(pod);
  confineByAnnotations(pod, context);
}

/** A pod that no kubelet has, or that has ended, needs no time to end. */
function graceSeconds({ spec, status }: Pod, { gracePeriodSeconds }: DeleteOptions): number {
  if (!spec.nodeName || status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
  const seconds = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

const podStatusStrategy: UpdateStrategy<Pod> = {
  validatesObject: false,
  ownable: dropFields('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
  prepareForUpdate(pod, old) {
    keepSpec(pod, old);
    keepObservedGenerations(pod, old);
    pod.status.qosClass ||= old.status.qosClass ?? qosClassOf(old);
    // Old kubelets wrote them back from a version of the API that had less in it.
    if (old.metadata.ownerReferences) pod.metadata.ownerReferences = copyJson(old.metadata.ownerReferences);
    else delete pod.metadata.ownerReferences;
  },
};

/** Who knows nothing of observed generations does not take them away (`preserveOldObservedGeneration`). */
function keepObservedGenerations({ status }: Pod, { status: old }: Pod): void {
  if (old.observedGeneration) status.observedGeneration ||= old.observedGeneration;
  const known = [...(old.conditions ?? [])];
  for (const condition of status.conditions ?? []) {
    const at = known.findIndex(({ type }) => type === condition.type);
    const [before] = at === -1 ? [] : known.splice(at, 1);
    if (before?.observedGeneration) condition.observedGeneration ||= before.observedGeneration;
  }
}

const ephemeralContainersStrategy: UpdateStrategy<Pod> = {
  validatesObject: false,
  ownable: keepFields('spec.ephemeralContainers'),
  prepareForUpdate(pod, old) {
    const wanted = pod.spec.ephemeralContainers;
    keepAll(pod, old);
    if (wanted) pod.spec.ephemeralContainers = wanted;
    else delete pod.spec.ephemeralContainers;
    if (specChanged(pod, old)) bumpGeneration(pod);
  },
};

/** Of the metadata neither of these doors takes anything. */
function keepAll(pod: Pod, old: Pod): void {
  keepSpec(pod, old);
  keepStatus(pod, old);
  keepMetadata(pod, old);
}

const resizeStrategy: UpdateStrategy<Pod> = {
  validatesObject: false,
  ownable: keepFields(
    'spec.containers.*.resources',
    'spec.containers.*.resizePolicy',
    'spec.initContainers.*.resources',
    'spec.initContainers.*.resizePolicy',
  ),
  prepareForUpdate(pod, old) {
    const { spec } = pod;
    const lists = (['containers', 'initContainers'] as const).map((list) => grown(spec[list], old.spec[list]));
    // A pod of other containers is left as it came, for validation to refuse.
    if (!lists.every((list) => list !== undefined)) return;
    const [containers = [], initContainers = []] = lists;
    keepAll(pod, old);
    pod.spec.containers = containers;
    if (old.spec.initContainers) pod.spec.initContainers = initContainers;
    if (spec.resources) pod.spec.resources = spec.resources;
    else delete pod.spec.resources;
    if (specChanged(pod, old)) bumpGeneration(pod);
  },
};

/** The old containers with the new resources; undefined where the containers are not the same. */
function grown(containers: readonly Container[] = [], old: readonly Container[] = []): Container[] | undefined {
  if (containers.length !== old.length || containers.some(({ name }, at) => name !== old[at]?.name)) return undefined;
  return containers.map(({ resources, resizePolicy }, at) => {
    const { resources: _resources, resizePolicy: _policy, ...rest } = copyJson(old[at]) as Container; // as many
    return { ...rest, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
  });
}
