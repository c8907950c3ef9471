import { FieldErrors, FieldPath, invalid, type KubeMeta } from '#machinery';
import type { AccessSpec, ResourceAttributes } from './access-attributes.ts';

export interface SubjectSpec extends AccessSpec {
  user?: string;
  groups?: readonly string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

export interface AccessReview {
  readonly metadata: KubeMeta;
  readonly spec: SubjectSpec;
}

const at = (name: string): FieldPath => FieldPath.of('spec', name);

/**
 * The rules of access reviews (`pkg/apis/authorization/validation`): `self` asks about who asks, `local` about one
 * namespace. Throws Invalid, which upstream tells without the kind, since a decoded object has lost it.
 */
export function validateAccessReview(review: AccessReview, about: 'self' | 'anyone' | { local: string }): void {
  const errors = new FieldErrors();
  const { spec } = review;
  const { resourceAttributes, nonResourceAttributes, user = '', groups = [] } = spec;
  if (resourceAttributes && nonResourceAttributes) {
    const why = 'cannot be specified in combination with resourceAttributes';
    errors.invalid(at('nonResourceAttributes'), shown(nonResourceAttributes), why);
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.invalid(at('resourceAttributes'), null, why);
  }
  if (about !== 'self' && user === '' && groups.length === 0) {
    errors.invalid(at('user'), '', 'at least one of user or group must be specified');
  }
  if (resourceAttributes) validateSelectors(resourceAttributes, errors);
  validateMetadata(review, typeof about === 'object', errors);
  if (typeof about === 'object') validateLocal(spec, about.local, errors);
  if (!errors.empty) throw invalid({ group: 'authorization.k8s.io', kindName: '' }, '', errors);
}

/** As Go's structs without JSON names look. */
function shown({ path = '', verb = '' }: NonNullable<AccessSpec['nonResourceAttributes']>): object {
  return { Path: path, Verb: verb };
}

function validateSelectors(attributes: ResourceAttributes, errors: FieldErrors): void {
  for (const name of ['fieldSelector', 'labelSelector'] as const) {
    const selector = attributes[name];
    if (!selector) continue;
    const { rawSelector = '', requirements = [] } = selector;
    const path = at('resourceAttributes').child(name);
    if (rawSelector !== '' && requirements.length > 0) {
      errors.invalid(path.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements');
    }
    if (rawSelector === '' && requirements.length === 0) {
      const why = `when ${path.toString()} is specified, requirements or rawSelector is required`;
      errors.required(path.child('requirements'), why);
    }
  }
}

function validateMetadata({ metadata }: AccessReview, isLocal: boolean, errors: FieldErrors): void {
  const { managedFields: _managed, namespace, ...rest } = metadata;
  const isEmpty = Object.keys(rest).length === 0 && (isLocal || !namespace);
  if (isEmpty) return;
  errors.invalid(FieldPath.of('metadata'), metadata, isLocal ? 'must be empty except for namespace' : 'must be empty');
}

function validateLocal(spec: SubjectSpec, namespace: string, errors: FieldErrors): void {
  const asked = spec.resourceAttributes?.namespace ?? '';
  if (spec.resourceAttributes && asked !== namespace) {
    errors.invalid(at('resourceAttributes').child('namespace'), asked, 'must match metadata.namespace');
  }
  if (spec.nonResourceAttributes) {
    const why = 'disallowed on this kind of request';
    errors.invalid(at('nonResourceAttributes'), shown(spec.nonResourceAttributes), why);
  }
}
