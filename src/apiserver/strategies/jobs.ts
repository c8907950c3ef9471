import { Job, jobLabels, legacyJobLabels } from '#api';
import { isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { beginAs, prepareSpec, statusStrategy } from './spec-and-status.ts';

const begin = beginAs(Job);

/** Jobs (`pkg/registry/batch/job/strategy.go`). */
export const jobStrategy: Strategy<Job> = {
  // Who deleted jobs before there was garbage collection expects to find their pods.
  garbageCollection: 'orphan',
  orphanWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  prepareForCreate(job) {
    if (!job.spec.manualSelector) makeSelector(job);
    begin(job);
  },
  prepareForUpdate: prepareSpec,
  subresources: { status: (store) => store.partial('status', statusStrategy) },
};

/**
 * A selector that finds the pods of this job and no others. Labels that are there stay: validation judges them. A job
 * that has its labels from its template has these too.
 */
function makeSelector({ metadata, spec }: Job): void {
  const { name = '', uid = '', labels = {}, generateName } = metadata;
  // Upstream's are the same map, until a name is made: that copies the object.
  const isDefaulted = !generateName && isEqualJson(labels, spec.template.metadata.labels ?? {});
  const made: Record<string, string> = {};
  for (const labels of [legacyJobLabels, jobLabels]) {
    made[labels.name] = name;
    made[labels.uid] = uid;
  }
  spec.template.metadata.labels = { ...made, ...spec.template.metadata.labels };
  if (isDefaulted) metadata.labels = { ...spec.template.metadata.labels };
  spec.selector = {
    ...spec.selector,
    matchLabels: { [jobLabels.uid]: uid, ...spec.selector?.matchLabels },
  };
}
