import { isEqualJson } from '#machinery';
import type { Deployment, ReplicaSet } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { scaleOf } from './scale.ts';
import { bumpGeneration, keepSpec, keepStatus, specChanged } from './spec-and-status.ts';

/** Deployments (`pkg/registry/apps/deployment/strategy.go`). */
export const deploymentStrategy: Strategy<Deployment> = {
  prepareForCreate(deployment) {
    deployment.status = {};
    deployment.metadata.generation = 1;
  },
  prepareForUpdate: prepareDeployment,
  subresources: {
    status: (store) =>
      store.partial('status', {
        validatesObject: false,
        prepareForUpdate(deployment, old) {
          keepSpec(deployment, old);
          deployment.metadata.labels = { ...old.metadata.labels };
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
export const replicaSetStrategy: Strategy<ReplicaSet> = {
  prepareForCreate(replicaSet) {
    replicaSet.status = { replicas: 0 };
    replicaSet.metadata.generation = 1;
  },
  prepareForUpdate: prepareReplicaSet,
  subresources: {
    status: (store) => store.partial('status', { validatesObject: false, prepareForUpdate: keepSpec }),
    scale: scaleOf({ prepareForUpdate: prepareReplicaSet }),
  },
};

function prepareReplicaSet(replicaSet: ReplicaSet, old: ReplicaSet): void {
  keepStatus(replicaSet, old);
  if (specChanged(replicaSet, old)) bumpGeneration(replicaSet);
}
