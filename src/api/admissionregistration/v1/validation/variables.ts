import type { FieldErrors, FieldPath } from '#machinery';
import type { Variable } from '../variable.ts';

const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set(
  `true false null in as break const continue else for function if import let loop package namespace return var void
   while`.split(/\s+/),
);

/** Values that expressions share. Whether they compile is not looked at here. */
export function validateVariables(variables: readonly Variable[] = [], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { name, expression }] of variables.entries()) {
    const here = path.index(at);
    if (name.trim() === '') errors.required(here.child('name'), 'name is not specified');
    else if (!identifier.test(name) || reserved.has(name)) {
      errors.invalid(here.child('name'), name, 'must be a valid CEL identifier');
    }
    if (expression.trim() === '') errors.required(here.child('expression'), 'expression is not specified');
  }
}
