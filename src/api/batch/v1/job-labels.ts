/**
 * The labels by which a job finds its pods, with what stands in them (`pkg/apis/batch/types.go`). The older names have no
 * prefix; both are set.
 */
export const legacyJobLabels = { uid: 'controller-uid', name: 'job-name' } as const;
export const jobLabels = { uid: 'batch.kubernetes.io/controller-uid', name: 'batch.kubernetes.io/job-name' } as const;
