import type { VolumeNodeAffinity } from '../persistent-volume.ts';

/** The labels of nodes that got another name when they became stable. */
const stable: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};

/**
 * The old affinity of a volume with those of its labels renamed that the new one has renamed: the only change that it
 * may take (`validatePvNodeAffinity`).
 */
export function migratedAffinity(old: VolumeNodeAffinity, now: VolumeNodeAffinity | undefined): VolumeNodeAffinity {
  const migrated = structuredClone(old);
  for (const [at, term] of (migrated.required?.nodeSelectorTerms ?? []).entries()) {
    const wanted = now?.required?.nodeSelectorTerms[at]?.matchExpressions ?? [];
    for (const [index, expression] of (term.matchExpressions ?? []).entries()) {
      const key = wanted[index]?.key;
      if (key !== undefined && stable[expression.key] === key) expression.key = key;
    }
  }
  return migrated;
}
