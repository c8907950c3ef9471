import { validatePersistentVolumeClaimStatus, type PersistentVolumeClaim, type PersistentVolumeClaimSpec } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { keepSpec, keepStatus } from './spec-and-status.ts';

/** PersistentVolumeClaims (`pkg/registry/core/persistentvolumeclaim/strategy.go`). */
export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  answersObject: true,
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    settleSources(claim.spec);
  },
  prepareForUpdate(claim, old) {
    keepStatus(claim, old);
    settleSources(claim.spec, old.spec);
  },
  subresources: {
    status: (store) =>
      store.partial('status', {
        validatesObject: false,
        prepareForUpdate: keepSpec,
        validateUpdate: ({ status }, _old, errors) => validatePersistentVolumeClaimStatus(status, errors),
      }),
  },
};

/** The old and the new way to tell what a claim begins as a copy of come to say the same (`pkg/api/persistentvolumeclaim`). */
function settleSources(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec = {}): void {
  // References into other namespaces are behind a gate that is closed.
  if (spec.dataSourceRef?.namespace && !old.dataSourceRef) delete spec.dataSourceRef;
  const isNew = !old.dataSource && !old.dataSourceRef;
  // Who says it in the new way means what he says in the old one.
  if (isNew && !spec.dataSourceRef && spec.dataSource && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}

/** What the old field could mean before it could mean anything. */
function isClaimOrSnapshot({ apiGroup, kind }: { apiGroup?: string; kind: string }): boolean {
  if (kind === 'PersistentVolumeClaim') return !apiGroup;
  return kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io';
}
