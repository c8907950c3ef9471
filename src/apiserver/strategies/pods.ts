import { copyJson, dropFields, FieldPath, isEqualJson, keepFields, type FieldErrors } from '#machinery';
import type { Pod } from '#api';
import type { DeleteOptions } from '../registry/rest.ts';
import type { Strategy, UpdateStrategy } from '../registry/strategy.ts';
import type { DisruptionBudgets } from './disruption-budgets.ts';
import { podBinding } from './pod-binding.ts';
import { podEviction } from './pod-eviction.ts';
import { qosClassOf } from './pod-qos.ts';
import { bumpGeneration, keepSpec, keepStatus, specChanged } from './spec-and-status.ts';

/** Pods (`pkg/registry/core/pod/strategy.go`). */
export function podStrategy(budgets: DisruptionBudgets): Strategy<Pod> {
  return {
    answersObject: true,
    prepareForCreate,
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

function prepareForCreate(pod: Pod): void {
  pod.metadata.generation = 1;
  pod.status = { phase: 'Pending', qosClass: qosClassOf(pod) };
  if (pod.spec.schedulingGates?.length) {
    const message = 'Scheduling is blocked due to non-empty scheduling gates';
    pod.status.conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message }];
  }
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
    pod.status.qosClass ||= old.status.qosClass ?? qosClassOf(old);
    // Old kubelets wrote them back from a version of the API that had less in it.
    if (old.metadata.ownerReferences) pod.metadata.ownerReferences = copyJson(old.metadata.ownerReferences);
    else delete pod.metadata.ownerReferences;
  },
};

const ephemeralContainersStrategy: UpdateStrategy<Pod> = {
  validatesObject: false,
  ownable: keepFields('spec.ephemeralContainers'),
  prepareForUpdate(pod, old) {
    const wanted = pod.spec.ephemeralContainers;
    keepAllButLabels(pod, old);
    if (wanted) pod.spec.ephemeralContainers = wanted;
    else delete pod.spec.ephemeralContainers;
    if (specChanged(pod, old)) bumpGeneration(pod);
  },
  validateUpdate: validateEphemeralContainers,
};

/** Ephemeral containers are added, and then stay as they are. */
function validateEphemeralContainers(pod: Pod, old: Pod, errors: FieldErrors): void {
  const at = FieldPath.of('spec', 'ephemeralContainers');
  const wanted = new Map((pod.spec.ephemeralContainers ?? []).map((one) => [one.name, one]));
  for (const container of old.spec.ephemeralContainers ?? []) {
    const now = wanted.get(container.name);
    if (!now)
      errors.forbidden(at, `existing ephemeral containers ${JSON.stringify(container.name)} may not be removed`);
    else if (!isEqualJson(now, container)) {
      errors.forbidden(at, `existing ephemeral containers ${JSON.stringify(container.name)} may not be changed`);
    }
  }
}

/** Puts everything back but labels, annotations and finalizers. */
function keepAllButLabels(pod: Pod, old: Pod): void {
  keepSpec(pod, old);
  keepStatus(pod, old);
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
    const wanted = new Map(pod.spec.containers.map(({ name, resources }) => [name, resources]));
    keepAllButLabels(pod, old);
    for (const container of pod.spec.containers) {
      const resources = wanted.get(container.name);
      if (resources) container.resources = resources;
    }
    if (specChanged(pod, old)) bumpGeneration(pod);
  },
  validateUpdate(pod, old, errors) {
    if (qosClassOf(pod) === old.status.qosClass) return;
    errors.invalid(FieldPath.of('spec'), old.status.qosClass, 'Pod QOS Class may not change as a result of resizing');
  },
};
