import { Job, jobLabels, legacyJobLabels } from '#api';
import { isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { beginAs, prepareSpec, statusStrategy } from './spec-and-status.ts';

const begin = beginAs(Job);

/** Jobs (`pkg/registry/batch/job/strategy.go`). */
export const jobStrategy: Strategy<Job> = {
  // Who deleted jobs before there was garbage collection expects to find their pods.
  garbageCollection: 'orphan',
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
  const { name = '', uid = '', labels = {} } = metadata;
  const isDefaulted = isEqualJson(labels, spec.template.metadata.labels ?? {});
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
