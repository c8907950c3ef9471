import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { PersistentVolumeClaim } from '../../core/v1/persistent-volume-claim.ts';
import type { StatefulSet, StatefulSetSpec } from './stateful-set.ts';

/** Fills in what a stateful set leaves unsaid (`pkg/apis/apps/v1/defaults.go`). */
export function setStatefulSetDefaults({ spec }: StatefulSet): void {
  spec.podManagementPolicy ||= 'OrderedReady';
  setStrategyDefaults(spec);
  const policy = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  policy.whenDeleted ||= 'Retain';
  policy.whenScaled ||= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  setPodSpecDefaults(spec.template.spec);
  if (spec.volumeClaimTemplates) spec.volumeClaimTemplates = spec.volumeClaimTemplates.map(withClaimDefaults);
}

/** Who names the strategy and not how it rolls leaves that open. `maxUnavailable` has no default in v1.36. */
function setStrategyDefaults(spec: StatefulSetSpec): void {
  const strategy = (spec.updateStrategy ??= {});
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
}

/** Templates of claims say what they are, unlike other objects within objects (`pkg/apis/apps/v1/conversion.go`). */
function withClaimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { apiVersion: _, kind: __, ...rest } = claim;
  const template: PersistentVolumeClaim = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...rest };
  template.spec.volumeMode ??= 'Filesystem';
  template.status.phase ||= 'Pending';
  return template;
}
