/** How much clients prefer a group to others, and its versions to each other (`controlplane/apiserver/aggregator.go`). */
export interface GroupPriority {
  readonly group: number;
  readonly versions: Readonly<Record<string, number>>;
}

const v1 = { v1: 15 };

/** The groups that are the server's own. */
export const groupPriorities: Readonly<Record<string, GroupPriority>> = {
  '': { group: 18_000, versions: { v1: 1 } },
  apps: { group: 17_800, versions: v1 },
  'events.k8s.io': { group: 17_750, versions: v1 },
  'authentication.k8s.io': { group: 17_700, versions: v1 },
  'authorization.k8s.io': { group: 17_600, versions: v1 },
  autoscaling: { group: 17_500, versions: { v2: 30, v1: 15 } },
  batch: { group: 17_400, versions: v1 },
  'certificates.k8s.io': { group: 17_300, versions: v1 },
  'networking.k8s.io': { group: 17_200, versions: v1 },
  policy: { group: 17_100, versions: v1 },
  'rbac.authorization.k8s.io': { group: 17_000, versions: v1 },
  'storage.k8s.io': { group: 16_800, versions: v1 },
  'admissionregistration.k8s.io': { group: 16_700, versions: v1 },
  'apiextensions.k8s.io': { group: 16_700, versions: v1 },
  'scheduling.k8s.io': { group: 16_600, versions: v1 },
  'coordination.k8s.io': { group: 16_500, versions: v1 },
  'node.k8s.io': { group: 16_300, versions: v1 },
  'discovery.k8s.io': { group: 16_200, versions: v1 },
  'resource.k8s.io': { group: 16_200, versions: { v1: 21 } },
  'flowcontrol.apiserver.k8s.io': { group: 16_100, versions: { v1: 21 } },
};

/** Where a group stands among all: the core first, then the group that says who serves the others, then by priority. */
export function groupRank(name: string): number {
  if (name === '') return -Infinity;
  if (name === 'apiregistration.k8s.io') return -20_001;
  return -(groupPriorities[name]?.group ?? 0);
}
