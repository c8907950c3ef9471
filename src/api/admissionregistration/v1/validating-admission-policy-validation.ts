import { FieldPath, isQualifiedName, type FieldErrors } from '#machinery';
import { validateConditions } from '../../meta/v1/condition-validation.ts';
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from './validating-admission-policy.ts';
import { validateMatchConditions, validateMatchConstraints } from './validation/match.ts';
import { validateParamKind } from './validation/params.ts';
import { validateVariables } from './validation/variables.ts';

const path = FieldPath.of('spec');
const maxAnnotations = 20;
const maxExpressionBytes = 5 * 1024;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

/**
 * The rules of policies (`pkg/apis/admissionregistration/validation/validation.go`). Whether expressions compile is not
 * looked at: nothing evaluates them yet.
 */
export function validateValidatingAdmissionPolicy(
  { metadata, spec }: ValidatingAdmissionPolicy,
  errors: FieldErrors,
): void {
  const { paramKind, validations = [], auditAnnotations = [] } = spec;
  if (paramKind) validateParamKind(paramKind, errors, path.child('paramKind'));
  validateMatchConstraints(spec.matchConstraints, errors, path.child('matchConstraints'));
  validateMatchConditions(spec.matchConditions, errors, path.child('matchConditions'));
  validateVariables(spec.variables, errors, path.child('variables'));
  if (validations.length + auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    errors.required(path.child('validations'), why);
    errors.required(path.child('auditAnnotations'), why);
  }
  for (const [at, one] of validations.entries()) {
    validateValidation(one, errors, path.child('validations').index(at));
  }
  validateAnnotations(auditAnnotations, metadata.name ?? '', errors, path.child('auditAnnotations'));
}

function validateValidation(validation: Validation, errors: FieldErrors, path: FieldPath): void {
  const { expression, message = '', messageExpression = '', reason } = validation;
  if (expression.trim() === '') errors.required(path.child('expression'), 'expression is not specified');
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.invalid(path.child('messageExpression'), messageExpression, 'must be non-empty if specified');
  }
  const at = path.child('message');
  if (message !== '' && message.trim() === '') errors.invalid(at, message, 'must be non-empty if specified');
  else if (/[\n\r]/.test(message.trim())) errors.invalid(at, message, 'message must not contain line breaks');
  if (reason !== undefined && !reasons.includes(reason)) errors.notSupported(path.child('reason'), reason, reasons);
}

function validateAnnotations(
  annotations: readonly AuditAnnotation[],
  policy: string,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (annotations.length > maxAnnotations) {
    errors.invalid(path, annotations, `must not have more than ${maxAnnotations} auditAnnotations`);
  }
  for (const [at, { key, valueExpression }] of annotations.entries()) {
    const [keyPath, valuePath] = [path.index(at).child('key'), path.index(at).child('valueExpression')];
    const whole = `${policy}/${key}`;
    for (const why of isQualifiedName(whole)) errors.invalid(keyPath, whole, why);
    const text = valueExpression.trim();
    if (text === '') errors.required(valuePath, 'valueExpression is not specified');
    else if (Buffer.byteLength(text) > maxExpressionBytes) {
      errors.required(valuePath, `must not exceed ${maxExpressionBytes} bytes in length`);
    }
    if (annotations.slice(0, at).some((one) => one.key === key)) errors.duplicate(keyPath, key);
  }
}

/** What is said of a policy: each warning says where, and of what. */
export function validateValidatingAdmissionPolicyStatus(
  { status }: ValidatingAdmissionPolicy,
  errors: FieldErrors,
): void {
  const at = FieldPath.of('status');
  const warnings = at.child('typeChecking', 'expressionWarnings');
  for (const [index, { fieldRef, warning }] of (status.typeChecking?.expressionWarnings ?? []).entries()) {
    if (warning === '') errors.required(warnings.index(index).child('warning'));
    if (fieldRef.trim() === '') errors.required(warnings.index(index).child('fieldRef'));
  }
  validateConditions(status.conditions ?? [], errors, at.child('conditions'));
}
