/**
 * What a plugin answers, as `k8s.io/kube-scheduler/framework.Status`: undefined is success.
 * - `unschedulable`: not now; something in the cluster may change that.
 * - `unresolvable`: not on this node, whatever pods may leave it.
 * - `pending`: the pod must wait for an outside event.
 */
export interface Status {
  readonly code: 'unschedulable' | 'unresolvable' | 'pending' | 'error';
  readonly reasons: readonly string[];
  /** The plugin that said so. */
  readonly plugin?: string;
}

export function unschedulable(...reasons: string[]): Status {
  return { code: 'unschedulable', reasons };
}

export function unresolvable(...reasons: string[]): Status {
  return { code: 'unresolvable', reasons };
}
