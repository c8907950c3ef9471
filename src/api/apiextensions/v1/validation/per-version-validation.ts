import type { FieldErrors, FieldPath } from '#machinery';
import type { CustomResourceDefinitionVersion } from '../custom-resource-definition-version.ts';
import { validateDefinitionSchema } from './definition-schema-validation.ts';
import type { HoistedSpec } from './hoisted-spec.ts';
import { validateSelectableFields } from './selectable-fields-validation.ts';
import { structuralProblem } from './structural-fields.ts';
import { validateColumn, validateDeprecation, validateSubresources } from './version-validation.ts';

/** Where the fields stand, and what upstream calls the schema there. */
interface Place {
  readonly path: FieldPath;
  readonly schema: 'schema' | 'validation';
  readonly hasStatus: boolean;
}

/** What versions have each for themselves, or all in common. */
export function validatePerVersion(
  version: HoistedSpec['common'] & Partial<CustomResourceDefinitionVersion>,
  errors: FieldErrors,
  { path, schema: name, hasStatus }: Place,
): void {
  validateDeprecation(version, errors, path.child('deprecationWarning'));
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = version;
  const root = schema?.openAPIV3Schema;
  if (root) validateDefinitionSchema(root, errors, path.child(name).child('openAPIV3Schema'), { hasStatus });
  if (subresources) validateSubresources(subresources, errors, path.child('subresources'));
  for (const [at, column] of additionalPrinterColumns.entries()) {
    validateColumn(column, errors, path.child('additionalPrinterColumns').index(at));
  }
  if (selectableFields.length === 0) return;
  const place = path.child('selectableFields');
  if (root && structuralProblem(root) === undefined) {
    validateSelectableFields(selectableFields, root, errors, place);
  } else if (!root && name === 'validation') {
    errors.invalid(place, '', 'may only be set when validations.schema is included');
  } else if (!root) {
    errors.invalid(place, '', 'may only be set when `version.schema.openAPIV3Schema` is not included');
  }
}
