import type { FieldErrors, FieldPath } from '#machinery';
import type { JsonSchema, ValidationRule } from '../json-schema-props.ts';
import { fieldOfPath } from './field-path-in-schema.ts';
import { structuralProblem } from './structural-fields.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** The rules of a schema as far as they are not CEL: the expressions themselves are not read here. */
export function validateRules(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  for (const [at, rule] of rules.entries()) {
    const place = path.child('x-kubernetes-validations').index(at);
    validateWords(rule, errors, place);
    const { messageExpression = '', reason } = rule;
    if (messageExpression !== '' && messageExpression.trim() === '') {
      errors.required(place.child('messageExpression'), 'messageExpression must be non-empty if specified');
    }
    if (reason !== undefined && !reasons.includes(reason)) errors.notSupported(place.child('reason'), reason, reasons);
    validateFieldPath(rule, schema, errors, place.child('fieldPath'));
  }
}

function validateWords({ rule, message = '' }: ValidationRule, errors: FieldErrors, path: FieldPath): void {
  const text = message.trim();
  if (rule.trim() === '') errors.required(path.child('rule'), 'rule is not specified');
  else if (message !== '' && text === '') {
    errors.invalid(path.child('message'), message, 'must be non-empty if specified');
  } else if (hasNewlines(text)) errors.invalid(path.child('message'), message, 'must not contain line breaks');
  else if (hasNewlines(rule.trim()) && text === '') {
    errors.required(path.child('message'), 'message must be specified if rule contains line breaks');
  }
}

function validateFieldPath(
  { fieldPath = '' }: ValidationRule,
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (fieldPath === '') return;
  if (fieldPath.trim() === '') errors.invalid(path, fieldPath, 'must be non-empty if specified');
  if (hasNewlines(fieldPath)) errors.invalid(path, fieldPath, 'must not contain line breaks');
  const leadsNowhere = structuralProblem(schema) === undefined && 'problem' in fieldOfPath(fieldPath, schema);
  if (leadsNowhere) errors.invalid(path, fieldPath, 'must be a valid path');
}

function hasNewlines(text: string): boolean {
  return /[\n\r]/.test(text);
}
