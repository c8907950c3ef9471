import { FieldPath, isDns1035Label, isDns1123Subdomain, type FieldErrors } from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionSpec } from './custom-resource-definition.ts';
import type { CustomResourceDefinitionVersion } from './custom-resource-definition-version.ts';
import { validateApiApproval } from './validation/api-approval.ts';
import { validateConversion } from './validation/conversion-validation.ts';
import { hoist, shownVersions, type HoistedSpec } from './validation/hoisted-spec.ts';
import { validateNames } from './validation/names-validation.ts';
import { hasSchema } from './validation/schema-walk.ts';
import { validatePerVersion } from './validation/per-version-validation.ts';

const specPath = FieldPath.of('spec');
const statusPath = FieldPath.of('status');
const preservePath = specPath.child('preserveUnknownFields');
const wholePreserved =
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';

/**
 * The rules of definitions (`pkg/apis/apiextensions/validation/validation.go`), without those of CEL. Upstream lets
 * objects be that were stored before a rule came; none were here.
 */
export function validateCustomResourceDefinition(
  definition: CustomResourceDefinition,
  errors: FieldErrors,
  old?: CustomResourceDefinition,
): void {
  const { metadata, spec } = definition;
  const isNamed = metadata.name === `${spec.names.plural}.${spec.group}`;
  const namePath = FieldPath.of('metadata').child('name');
  if (!old && !isNamed) errors.invalid(namePath, metadata.name ?? '', 'must be spec.names.plural+"."+spec.group');
  validateSpec(spec, errors);
  if (old) validateKept(spec, errors, old);
  validateNames(definition.status.acceptedNames, errors, statusPath.child('acceptedNames'));
  validateStoredVersions(definition, errors);
  validateApiApproval(definition, errors, old);
  if (spec.preserveUnknownFields && old?.spec.preserveUnknownFields !== true) {
    errors.invalid(preservePath, true, wholePreserved);
  }
}

/** The rules of a written status. */
export function validateCustomResourceDefinitionStatus(
  { status }: CustomResourceDefinition,
  errors: FieldErrors,
): void {
  validateNames(status.acceptedNames, errors, statusPath.child('acceptedNames'));
}

function validateSpec(spec: CustomResourceDefinitionSpec, errors: FieldErrors): void {
  const hoisted = hoist(spec);
  validateGroup(spec.group, errors);
  validateScope(spec.scope, errors);
  if (spec.preserveUnknownFields && spec.versions.some(hasDefaults)) {
    errors.invalid(preservePath, true, 'must be false in order to use defaults in the schema');
  }
  validateVersions(hoisted, errors);
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if ((spec.names[name] ?? '') === '') errors.required(specPath.child('names').child(name));
  }
  validateNames(spec.names, errors, specPath.child('names'));
  const { common, versions } = hoisted;
  const hasStatus = [common, ...versions].some(({ subresources }) => subresources?.status !== undefined);
  validatePerVersion(common, errors, { path: specPath, schema: 'validation', hasStatus });
  if (!spec.conversion) return;
  const { strategy } = spec.conversion;
  if (spec.preserveUnknownFields && strategy !== 'None') {
    const place = specPath.child('conversion').child('strategy');
    errors.invalid(place, strategy, 'must be None if spec.preserveUnknownFields is true');
  }
  validateConversion(spec.conversion, errors, specPath.child('conversion'));
}

function hasDefaults({ schema }: CustomResourceDefinitionVersion): boolean {
  return hasSchema(schema?.openAPIV3Schema, (one) => one.default !== undefined);
}

function validateGroup(group: string, errors: FieldErrors): void {
  const place = specPath.child('group');
  const problems = isDns1123Subdomain(group);
  if (group === '') errors.required(place);
  else if (problems.length > 0) errors.invalid(place, group, problems.join(','));
  else if (!group.includes('.')) errors.invalid(place, group, 'should be a domain with at least one dot');
}

function validateScope(scope: string, errors: FieldErrors): void {
  const place = specPath.child('scope');
  if (scope === '') errors.required(place);
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.notSupported(place, scope, ['Cluster', 'Namespaced']);
}

function validateVersions({ common, versions }: HoistedSpec, errors: FieldErrors): void {
  const path = specPath.child('versions');
  for (const [at, version] of versions.entries()) {
    const place = path.index(at);
    if (!common.schema?.openAPIV3Schema && !version.schema?.openAPIV3Schema) {
      errors.required(place.child('schema').child('openAPIV3Schema'));
    }
    const problems = isDns1035Label(version.name);
    if (problems.length > 0) errors.invalid(place.child('name'), version.name, problems.join(','));
    const { subresources = common.subresources } = version;
    const hasStatus = subresources?.status !== undefined;
    validatePerVersion(version, errors, { path: place, schema: 'schema', hasStatus });
  }
  const names = new Set(versions.map(({ name }) => name));
  if (names.size < versions.length) {
    errors.invalid(path, shownVersions(versions), 'must contain unique version names');
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const why = 'must have exactly one version marked as storage version';
    errors.invalid(path, shownVersions(versions), why);
  }
}

/** What the stored objects depend on. */
function validateKept(spec: CustomResourceDefinitionSpec, errors: FieldErrors, old: CustomResourceDefinition): void {
  const names = specPath.child('names');
  const isEstablished = old.status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True');
  if (isEstablished) {
    validateImmutable(spec.scope, old.spec.scope, errors, specPath.child('scope'));
    validateImmutable(spec.names.kind, old.spec.names.kind, errors, names.child('kind'));
  }
  validateImmutable(spec.group, old.spec.group, errors, specPath.child('group'));
  validateImmutable(spec.names.plural, old.spec.names.plural, errors, names.child('plural'));
}

/** Versions in which objects may be stored stay until they are not. */
function validateStoredVersions({ spec, status }: CustomResourceDefinition, errors: FieldErrors): void {
  const { storedVersions: stored = [] } = status;
  const path = statusPath.child('storedVersions');
  if (stored.length === 0) return errors.invalid(path, undefined, 'must have at least one stored version');
  for (const { name, storage } of spec.versions) {
    if (storage && !stored.includes(name)) errors.invalid(path, stored, `must have the storage version ${name}`);
  }
  for (const [at, name] of stored.entries()) {
    if (spec.versions.some((one) => one.name === name)) continue;
    const why = `${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.invalid(path.index(at), name, `missing from spec.versions; ${why}`);
  }
}
