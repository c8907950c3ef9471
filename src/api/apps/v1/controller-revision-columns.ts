import { ageColumn, nameColumn, parseApiVersion, type Column } from '#machinery';
import type { ControllerRevision } from './controller-revision.ts';

/** What `kubectl get controllerrevisions` shows. */
export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  nameColumn,
  { name: 'Controller', type: 'string', description: 'Whose state it is.', cell: controllerOf },
  { name: 'Revision', type: 'string', description: 'The number of the state.', cell: ({ revision }) => revision },
  ageColumn,
];

/** `statefulset.apps/web`. */
function controllerOf({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return '<none>';
  const { group } = parseApiVersion(owner.apiVersion);
  return `${(group === '' ? owner.kind : `${owner.kind}.${group}`).toLowerCase()}/${owner.name}`;
}
