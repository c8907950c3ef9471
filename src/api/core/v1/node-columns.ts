import { ageColumn, joinOrNone, nameColumn, type Column } from '#machinery';
import type { Node } from './node.ts';

function wideColumn(name: string, description: string, cell: (node: Node) => string): Column<Node> {
  return { name, type: 'string', priority: 1, description, cell };
}

/** What `kubectl get nodes` shows. */
export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', type: 'string', description: 'Whether the node is ready and takes pods.', cell: statusOf },
  {
    name: 'Roles',
    type: 'string',
    description: 'The roles that the labels of the node tell.',
    cell: (node) => joinOrNone(rolesOf(node)),
  },
  ageColumn,
  {
    name: 'Version',
    type: 'string',
    description: 'The version of the kubelet.',
    cell: ({ status }) => status.nodeInfo?.kubeletVersion ?? '',
  },
  wideColumn('Internal-IP', 'The address inside the cluster.', (node) => addressOf(node, 'InternalIP')),
  wideColumn('External-IP', 'The address from outside.', (node) => addressOf(node, 'ExternalIP')),
  wideColumn('OS-Image', 'The operating system.', ({ status }) => status.nodeInfo?.osImage || '<unknown>'),
  wideColumn('Kernel-Version', 'The kernel.', ({ status }) => status.nodeInfo?.kernelVersion || '<unknown>'),
  wideColumn(
    'Container-Runtime',
    'The container runtime and its version.',
    ({ status }) => status.nodeInfo?.containerRuntimeVersion || '<unknown>',
  ),
];

function statusOf({ spec, status }: Node): string {
  const ready = status.conditions?.findLast(({ type }) => type === 'Ready');
  const words = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return spec.unschedulable ? `${words},SchedulingDisabled` : words;
}

const rolePrefix = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: Node): string[] {
  const roles = Object.entries(metadata.labels ?? {}).map(([label, value]) => {
    if (label.startsWith(rolePrefix)) return label.slice(rolePrefix.length);
    return label === 'kubernetes.io/role' ? value : '';
  });
  return [...new Set(roles)].filter((one) => one !== '').sort();
}

function addressOf({ status }: Node, type: string): string {
  return status.addresses?.find((one) => one.type === type)?.address ?? '<none>';
}
