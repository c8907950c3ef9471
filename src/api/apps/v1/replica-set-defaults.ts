import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { ReplicaSet } from './replica-set.ts';

/** Fills in what a replica set leaves unsaid (`pkg/apis/apps/v1/defaults.go`). */
export function setReplicaSetDefaults({ spec }: ReplicaSet): void {
  spec.replicas ??= 1;
  if (spec.template) setPodSpecDefaults(spec.template.spec);
}
