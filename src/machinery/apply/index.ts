/**
 * Server-side apply: objects that several write, each his own part of them.
 *
 * A client applies a configuration, which is part of an object. `FieldManager.apply` looks at it through the shape of its
 * type (`shape.ts`, made of the schema), merges it into the live object (`merge.ts`), takes away what this client applied
 * last time and no longer does (`remove-fields.ts`), and finds what changed (`compare.ts`). What changed and belongs to
 * somebody else is a conflict. Who owns what are sets of paths (`field-set.ts`), kept in `metadata.managedFields` exactly
 * as they are written there. Who writes in any other way, `FieldManager.update` makes owner of what changed.
 *
 * `updater.ts` has the rules and a story of them. It is a port of no code, but of every rule of
 * `sigs.k8s.io/structured-merge-diff` v6.3 and `apimachinery/pkg/util/managedfields`.
 */
export {
  emptySet,
  hasPath,
  intersect,
  isEmptySet,
  isSameSet,
  leavesOf,
  pathsOf,
  setOf,
  subtract,
  subtractDeep,
  unite,
  type FieldSet,
} from './field-set.ts';
export { parseFieldSet } from './parse-field-set.ts';
export { dropFields, keepFields } from './field-filter.ts';
export { fieldElement, type PathElement } from './path-element.ts';
export { fieldsAfterScale, scaleFieldsOf, type ScaledFrom } from './scale-fields.ts';
export { readManagedFields } from './managed-fields.ts';
export { managedFieldsText } from './managed-fields-text.ts';
export type { FieldFilter } from './updater.ts';
export { extractApplied } from './extract.ts';
export { FieldManager, type Applied, type ConvertObject, type FieldManagerOptions } from './field-manager.ts';
