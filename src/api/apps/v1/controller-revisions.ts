import { resource } from '#machinery';
import { ControllerRevision } from './controller-revision.ts';
import { controllerRevisionColumns } from './controller-revision-columns.ts';
import { validateControllerRevision } from './controller-revision-validation.ts';

export const controllerRevisions = resource({
  group: 'apps',
  version: 'v1',
  kind: ControllerRevision,
  plural: 'controllerrevisions',
  namespaced: true,
  columns: controllerRevisionColumns,
  validate: validateControllerRevision,
});
