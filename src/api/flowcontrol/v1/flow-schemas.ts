import { resource } from '#machinery';
import { FlowSchema } from './flow-schema.ts';
import { flowSchemaColumns } from './flow-schema-columns.ts';
import { setFlowSchemaDefaults } from './flow-schema-defaults.ts';
import { validateFlowSchema, validateFlowSchemaStatus } from './flow-schema-validation.ts';

export const flowSchemas = resource({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: FlowSchema,
  plural: 'flowschemas',
  namespaced: false,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateFlowSchemaStatus } },
  columns: flowSchemaColumns,
  tableOrder: byPrecedence,
  setDefaults: setFlowSchemaDefaults,
  validate: validateFlowSchema,
});

/** The order in which requests try them. */
function byPrecedence(a: FlowSchema, b: FlowSchema): number {
  const by = (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0);
  return by || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
}
