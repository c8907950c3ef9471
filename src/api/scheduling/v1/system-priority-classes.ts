/** The most important that a class of users can be; what is above is the system's (`pkg/apis/scheduling/types.go`). */
export const highestUserPriority = 1_000_000_000;

/** The classes that every cluster has, which nobody can change or delete (`pkg/apis/scheduling/v1/helpers.go`). */
export const systemPriorityClasses = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
] as const;
