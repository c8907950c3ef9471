import type { FieldErrors, FieldPath } from '#machinery';
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
} from '../custom-resource-definition-version.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

/** Where the parts of a scale stand. */
export function validateSubresources(
  { scale }: CustomResourceSubresources,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!scale) return;
  for (const [name, root] of [
    ['specReplicasPath', '.spec'],
    ['statusReplicasPath', '.status'],
  ] as const) {
    const place = path.child(`scale.${name}`);
    if (scale[name] === '') errors.required(place);
    else if (isSimplePath(scale[name], errors, place) && !scale[name].startsWith(`${root}.`)) {
      errors.invalid(place, scale[name], `should be a json path under ${root}`);
    }
  }
  const { labelSelectorPath = '' } = scale;
  const place = path.child('scale.labelSelectorPath');
  if (labelSelectorPath === '' || !isSimplePath(labelSelectorPath, errors, place)) return;
  if (!/^\.(spec|status)\./.test(labelSelectorPath)) {
    errors.invalid(place, labelSelectorPath, 'should be a json path under either .spec or .status');
  }
}

/** A column that clients print; upstream's internal type spells `JSONPath`. */
export function validateColumn(column: CustomResourceColumnDefinition, errors: FieldErrors, path: FieldPath): void {
  const { name, type, format = '', jsonPath } = column;
  if (name === '') errors.required(path.child('name'));
  const types = `must be one of ${columnTypes.join(',')}`;
  if (type === '') errors.required(path.child('type'), types);
  else if (!columnTypes.includes(type)) errors.invalid(path.child('type'), type, types);
  if (format !== '' && !columnFormats.includes(format)) {
    errors.invalid(path.child('format'), format, `must be one of ${columnFormats.join(',')}`);
  }
  if (jsonPath === '') errors.required(path.child('JSONPath'));
  else isSimplePath(jsonPath, errors, path.child('JSONPath'));
}

function isSimplePath(text: string, errors: FieldErrors, path: FieldPath): boolean {
  if (text.startsWith('.')) return true;
  errors.invalid(path, text, 'must be a simple json path starting with .');
  return false;
}

/** What clients are told of a deprecated version. */
export function validateDeprecation(
  { deprecated = false, deprecationWarning: warning }: { deprecated?: boolean; deprecationWarning?: string },
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (warning === undefined) return;
  if (!deprecated) return errors.invalid(path, warning, 'can only be set for deprecated versions');
  if (Buffer.byteLength(warning) > 256) errors.invalid(path, warning, 'must be <= 256 characters long');
  if (warning === '') errors.invalid(path, warning, 'must not be an empty string');
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (!unprintable) return;
  const at = Buffer.byteLength(warning.slice(0, unprintable.index));
  const why = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
  errors.invalid(path, warning, why);
}
