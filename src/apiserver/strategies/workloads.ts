import { decode, dropFields, isEqualJson } from '#machinery';
import { Deployment, HorizontalPodAutoscaler, ReplicaSet, StatefulSet } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { convertAutoscaler } from './faces.ts';
import { daemonSetStrategy } from './daemon-sets.ts';
import { jobStrategy } from './jobs.ts';
import { scaleOf } from './scale.ts';
import {
  beginAs,
  bumpGeneration,
  keepSpec,
  keepStatus,
  prepareSpec,
  specChanged,
  statusStrategy,
} from './spec-and-status.ts';

/** Deployments (`pkg/registry/apps/deployment/strategy.go`). */
const deploymentStrategy: Strategy<Deployment> = {
  prepareForCreate: beginAs(Deployment),
  prepareForUpdate: prepareDeployment,
  subresources: {
    status: (store) =>
      store.partial('status', {
        validatesObject: false,
        ownable: dropFields('spec', 'metadata.labels'),
        prepareForUpdate(deployment, old) {
          keepSpec(deployment, old);
          if (old.metadata.labels) deployment.metadata.labels = { ...old.metadata.labels };
          else delete deployment.metadata.labels;
        },
      }),
    scale: scaleOf({ prepareForUpdate: prepareDeployment }),
  },
};

/** The annotations count as part of the wish: they go on to the ReplicaSets. */
function prepareDeployment(deployment: Deployment, old: Deployment): void {
  keepStatus(deployment, old);
  const sameAnnotations = isEqualJson(deployment.metadata.annotations, old.metadata.annotations);
  if (specChanged(deployment, old) || !sameAnnotations) bumpGeneration(deployment);
}

/** ReplicaSets (`pkg/registry/apps/replicaset/strategy.go`). */
const replicaSetStrategy: Strategy<ReplicaSet> = {
  prepareForCreate: beginAs(ReplicaSet),
  prepareForUpdate: prepareSpec,
  subresources: {
    status: (store) => store.partial('status', statusStrategy),
    scale: scaleOf({ prepareForUpdate: prepareSpec }),
  },
};

const beginStatefulSet = beginAs(StatefulSet);

/** It is behind a gate that is closed in 1.36 (`MaxUnavailableStatefulSet`): it stays only where it is. */
function dropMaxUnavailable({ spec }: StatefulSet): void {
  delete spec.updateStrategy?.rollingUpdate?.maxUnavailable;
}

/** StatefulSets (`pkg/registry/apps/statefulset/strategy.go`). */
const statefulSetStrategy: Strategy<StatefulSet> = {
  prepareForCreate(statefulSet) {
    beginStatefulSet(statefulSet);
    dropMaxUnavailable(statefulSet);
  },
  prepareForUpdate(statefulSet, old) {
    if (old.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) dropMaxUnavailable(statefulSet);
    prepareSpec(statefulSet, old);
  },
  subresources: {
    status: (store) => store.partial('status', statusStrategy),
    scale: scaleOf({ prepareForUpdate: prepareSpec }),
  },
};

/**
 * HorizontalPodAutoscalers (`pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go`). Nobody counts what they
 * wish.
 */
const autoscalerStrategy: Strategy<HorizontalPodAutoscaler> = {
  prepareForCreate(autoscaler) {
    autoscaler.status = decode(HorizontalPodAutoscaler, {}).object.status;
  },
  prepareForUpdate: keepStatus,
  subresources: { status: (store) => store.partial('status', statusStrategy) },
  convert: convertAutoscaler,
};

/** What is special about each kind that makes or counts pods, by `plural.group`. */
export const workloadStrategies = {
  'daemonsets.apps': daemonSetStrategy,
  'deployments.apps': deploymentStrategy,
  'replicasets.apps': replicaSetStrategy,
  'statefulsets.apps': statefulSetStrategy,
  'jobs.batch': jobStrategy,
  'horizontalpodautoscalers.autoscaling': autoscalerStrategy,
};
