import { FieldPath, type FieldErrors } from '#machinery';
import type { MutatingAdmissionPolicy, Mutation } from './mutating-admission-policy.ts';
import { validateMatchConditions, validateMatchConstraints } from './validation/match.ts';
import { validateParamKind } from './validation/params.ts';
import { validateVariables } from './validation/variables.ts';

const path = FieldPath.of('spec');

/**
 * The rules of policies that change objects (`pkg/apis/admissionregistration/validation/validation.go`). Whether
 * expressions compile is not looked at: nothing evaluates them yet.
 */
export function validateMutatingAdmissionPolicy({ spec }: MutatingAdmissionPolicy, errors: FieldErrors): void {
  const { paramKind, mutations = [], reinvocationPolicy } = spec;
  if (paramKind) validateParamKind(paramKind, errors, path.child('paramKind'));
  validateMatchConstraints(spec.matchConstraints, errors, path.child('matchConstraints'));
  validateMatchConditions(spec.matchConditions, errors, path.child('matchConditions'));
  validateVariables(spec.variables, errors, path.child('variables'));
  if (mutations.length === 0) {
    errors.required(path.child('mutations'), 'mutations must contain at least one item');
  }
  for (const [at, one] of mutations.entries()) validateMutation(one, errors, path.child('mutations').index(at));
  if (reinvocationPolicy === undefined) errors.required(path.child('reinvocationPolicy'));
}

const bodies = { JSONPatch: 'jsonPatch', ApplyConfiguration: 'applyConfiguration' } as const;

/** The change is told as its type says, and in no other way. */
function validateMutation(mutation: Mutation, errors: FieldErrors, path: FieldPath): void {
  const { patchType } = mutation;
  const told = bodies[patchType];
  // A type that is missing or unknown is told of by the schema.
  if (told === undefined) return;
  const body = mutation[told];
  if (!body) errors.required(path.child(told), `must be specified when patchType is ${patchType}`);
  else if (!body.expression?.trim()) errors.required(path.child(told, 'expression'));
  const other = told === 'jsonPatch' ? 'applyConfiguration' : 'jsonPatch';
  if (!mutation[other]) return;
  errors.invalid(path.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`);
}
