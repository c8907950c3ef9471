import { FieldPath, type FieldErrors } from '#machinery';
import { validateTemplateMetadata } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { ResourceClaimTemplate } from './resource-claim-template.ts';
import type { ResourceClaim } from './resource-claim.ts';
import { validateDeviceClaim } from './validation/claims.ts';

const path = FieldPath.of('spec');

/** The rules of claims (`pkg/apis/resource/validation/validation.go`). What a claim wants never changes. */
export function validateResourceClaim({ spec }: ResourceClaim, errors: FieldErrors, old?: ResourceClaim): void {
  if (old) validateImmutable(spec, old.spec, errors, path);
  else validateDeviceClaim(spec.devices, errors, path.child('devices'));
}

/** The rules of templates, which never change either. */
export function validateResourceClaimTemplate(
  { spec }: ResourceClaimTemplate,
  errors: FieldErrors,
  old?: ResourceClaimTemplate,
): void {
  if (old) return validateImmutable(spec, old.spec, errors, path);
  validateTemplateMetadata(spec.metadata, errors, path.child('metadata'));
  const { labels: _labels, annotations: _annotations, ...others } = spec.metadata ?? {};
  for (const field of Object.keys(others)) errors.forbidden(path.child('metadata', field), 'cannot be set');
  validateDeviceClaim(spec.spec.devices, errors, path.child('spec', 'devices'));
}
