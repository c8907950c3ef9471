import { ageColumn, nameColumn, resource } from '#machinery';
import { validateRuntimeClass } from './runtime-class-validation.ts';
import { RuntimeClass } from './runtime-class.ts';
import { warnOfRuntimeClass } from './runtime-class-warnings.ts';

export const runtimeClasses = resource({
  group: 'node.k8s.io',
  version: 'v1',
  kind: RuntimeClass,
  plural: 'runtimeclasses',
  namespaced: false,
  takesAnyFinalizer: true,
  columns: [
    nameColumn,
    { name: 'Handler', type: 'string', description: 'The runtime it stands for.', cell: ({ handler }) => handler },
    ageColumn,
  ],
  validate: validateRuntimeClass,
  warn: warnOfRuntimeClass,
});
