import { validateFinalizerOwner } from '#api';
import {
  FieldPath,
  isCanonicalIp,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isQualifiedName,
  isValidLabelValue,
  type FieldErrors,
  type KubeMeta,
  type Resource,
} from '#machinery';

const path = FieldPath.of('metadata');
const maxAnnotationBytes = 256 * 1024;
const maxManagerBytes = 128;

const nameRules = {
  dnsSubdomain: isDns1123Subdomain,
  dnsLabel: isDns1123Label,
  dns1035Label: isDns1035Label,
  pathSegment: isPathSegment,
  ip: isCanonicalIp,
};

/** The rules of ObjectMeta that hold for every kind (`apimachinery/pkg/api/validation/objectmeta.go`). */
export function validateMetadata(
  meta: KubeMeta,
  resource: Pick<Resource, 'nameRule' | 'namespaced' | 'takesAnyFinalizer'>,
  errors: FieldErrors,
): void {
  validateNames(meta, resource, errors);
  if ((meta.generation ?? 0) < 0) errors.invalid(path.child('generation'), meta.generation, notNegative);
  validateLabels(meta.labels, errors);
  validateAnnotations(meta.annotations, errors);
  validateOwners(meta, errors);
  validateManagedFields(meta, errors);
  validateFinalizers(meta.finalizers, resource, errors);
}

function validateFinalizers(
  finalizers: readonly string[] = [],
  { takesAnyFinalizer }: Pick<Resource, 'takesAnyFinalizer'>,
  errors: FieldErrors,
): void {
  const at = path.child('finalizers');
  for (const one of finalizers) for (const why of isQualifiedName(one)) errors.invalid(at, one, why);
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.invalid(at, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
  }
  if (takesAnyFinalizer) return;
  for (const [index, one] of finalizers.entries()) {
    validateFinalizerOwner(one, at.index(index), errors);
  }
}

/** What no update may change. Fields that the client left out are filled in from the old object before. */
export function validateMetadataUpdate(meta: KubeMeta, old: KubeMeta, errors: FieldErrors): void {
  const immutable = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const;
  for (const field of immutable) {
    if (meta[field] !== old[field]) errors.invalid(path.child(field), meta[field], 'field is immutable');
  }
  if (meta.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) {
    const at = path.child('deletionGracePeriodSeconds');
    errors.invalid(at, meta.deletionGracePeriodSeconds, 'field is immutable');
  }
  const added = (meta.finalizers ?? []).filter((one) => !old.finalizers?.includes(one));
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const list = added.map((one) => JSON.stringify(one)).join(', ');
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    errors.forbidden(path.child('finalizers'), why);
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.invalid(path.child('generation'), meta.generation, 'must not be decremented');
  }
}

const notNegative = 'must be greater than or equal to 0';

function validateNames(
  meta: KubeMeta,
  { nameRule = 'dnsSubdomain', namespaced }: Pick<Resource, 'nameRule' | 'namespaced'>,
  errors: FieldErrors,
): void {
  const rule = nameRules[nameRule];
  if (meta.generateName) {
    // The suffix that will follow makes a name that ends in `-` good.
    const prefix = nameRule === 'pathSegment' ? meta.generateName : meta.generateName.replace(/-$/, 'a');
    for (const why of rule(prefix)) errors.invalid(path.child('generateName'), meta.generateName, why);
  }
  if (!meta.name) errors.required(path.child('name'), 'name or generateName is required');
  else for (const why of rule(meta.name)) errors.invalid(path.child('name'), meta.name, why);
  if (!namespaced) {
    if (meta.namespace) errors.forbidden(path.child('namespace'), 'not allowed on this type');
  } else if (!meta.namespace) {
    errors.required(path.child('namespace'));
  } else {
    for (const why of isDns1123Label(meta.namespace)) errors.invalid(path.child('namespace'), meta.namespace, why);
  }
}

function validateLabels(labels: Record<string, string> | undefined, errors: FieldErrors): void {
  const at = path.child('labels');
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const why of isQualifiedName(key)) errors.invalid(at, key, why);
    for (const why of isValidLabelValue(value)) errors.invalid(at, value, why);
  }
}

function validateAnnotations(annotations: Record<string, string> | undefined, errors: FieldErrors): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const why of isQualifiedName(key.toLowerCase())) errors.invalid(path.child('annotations'), key, why);
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > maxAnnotationBytes) errors.tooLong(path.child('annotations'), maxAnnotationBytes);
}

const maxSubresourceLength = 256;

/** Entries as clients wrote them; what cannot be read at all was dropped before. */
function validateManagedFields({ managedFields = [] }: KubeMeta, errors: FieldErrors): void {
  for (const [index, { operation, fieldsType, manager = '', subresource = '' }] of managedFields.entries()) {
    const at = path.child('managedFields').index(index);
    if (!operation) errors.required(at.child('operation'), 'must not be empty');
    else if (operation !== 'Apply' && operation !== 'Update') {
      errors.notSupported(at.child('operation'), operation, ['Apply', 'Update']);
    }
    if (fieldsType && fieldsType !== 'FieldsV1') {
      errors.invalid(at.child('fieldsType'), fieldsType, 'must be `FieldsV1`');
    }
    validateFieldManager(manager, at.child('manager'), errors);
    if (subresource.length > maxSubresourceLength) errors.tooLong(at.child('subresource'), maxSubresourceLength);
  }
}

/** The rules of a manager's name (`apimachinery/pkg/apis/meta/v1/validation`). */
export function validateFieldManager(manager: string, at: FieldPath, errors: FieldErrors): void {
  if (Buffer.byteLength(manager) > maxManagerBytes) errors.tooLong(at, maxManagerBytes);
  const bad = /[^\P{C} ]|[\p{Zl}\p{Zp}]/u.exec(manager);
  if (!bad) return;
  const point = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  errors.invalid(at, manager, `invalid character U+${point} (at position ${bad.index})`);
}

function validateOwners({ ownerReferences = [] }: KubeMeta, errors: FieldErrors): void {
  const at = path.child('ownerReferences');
  let controller: string | undefined;
  for (const owner of ownerReferences) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      const what = field === 'apiVersion' ? 'version ' : '';
      if (!owner[field]) errors.invalid(at.child(field), owner[field] ?? '', `${what}must not be empty`);
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner');
    }
    if (owner.controller !== true) continue;
    const told = `${owner.kind}/${owner.name}`;
    if (controller !== undefined) {
      const why = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${told}`;
      errors.invalid(at, ownerReferences, why);
    }
    controller ??= told;
  }
}
