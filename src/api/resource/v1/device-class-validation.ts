import { FieldPath, type FieldErrors } from '#machinery';
import type { DeviceClass } from './device-class.ts';
import { maxConfigs, validateConfiguration } from './validation/claims.ts';
import { isExtendedResourceName } from './validation/extended-resource.ts';
import { validateSlice } from './validation/lists.ts';
import { validateSelectors } from './validation/requests.ts';

const path = FieldPath.of('spec');

/** The rules of classes (`pkg/apis/resource/validation/validation.go`). */
export function validateDeviceClass({ spec }: DeviceClass, errors: FieldErrors): void {
  validateSelectors(spec.selectors, errors, path.child('selectors'));
  validateSlice(spec.config, maxConfigs, validateConfiguration, errors, path.child('config'));
  const name = spec.extendedResourceName;
  if (name === undefined || isExtendedResourceName(name)) return;
  errors.invalid(path.child('extendedResourceName'), name, 'must be a valid extended resource name');
}
