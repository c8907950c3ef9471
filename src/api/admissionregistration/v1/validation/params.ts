import { isDns1035Label, isDns1123Subdomain, isPathSegment, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabelSelector } from '../../../meta/v1/label-validation.ts';
import type { ParamKind, ParamRef } from '../params.ts';

/** The kind of the objects that give a policy its parameters. */
export function validateParamKind(
  { apiVersion = '', kind = '' }: ParamKind,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('kind');
  if (apiVersion === '') errors.required(path.child('apiVersion'));
  else validateApiVersion(apiVersion, errors, path.child('apiVersion'));
  if (kind === '') return errors.required(at);
  const problems = isDns1035Label(kind.toLowerCase());
  if (problems.length === 0) return;
  errors.invalid(at, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
}

function validateApiVersion(text: string, errors: FieldErrors, path: FieldPath): void {
  const parts = text.split('/');
  if (parts.length > 2) return errors.invalid(path, text, `unexpected GroupVersion string: ${text}`);
  const [version = '', group = ''] = parts.toReversed();
  const groupProblems = group === '' ? [] : isDns1123Subdomain(group);
  if (groupProblems.length > 0) errors.invalid(path, group, groupProblems.join(','));
  if (version === '') return errors.invalid(path, text, 'version must be specified');
  const problems = isDns1035Label(version);
  if (problems.length > 0) errors.invalid(path, version, problems.join(','));
}

/** The objects that give a policy its parameters: one by its name, or those with some labels. */
export function validateParamRef(
  { name = '', selector, parameterNotFoundAction }: ParamRef,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const exclusive = 'name and selector are mutually exclusive';
  if (name !== '') for (const why of isPathSegment(name)) errors.invalid(path.child('name'), name, why);
  if (name !== '' && selector) errors.forbidden(path.child('name'), exclusive);
  validateLabelSelector(selector, errors, path.child('selector'));
  if (name !== '' && selector) errors.forbidden(path.child('selector'), exclusive);
  if (name === '' && !selector) errors.required(path, 'one of name or selector must be specified');
  if (parameterNotFoundAction === undefined) errors.required(path.child('parameterNotFoundAction'));
}
