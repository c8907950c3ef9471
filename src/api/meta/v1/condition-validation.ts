import type { FieldErrors, FieldPath } from '#machinery';
import type { Condition } from './condition.ts';
import { validateQualifiedName } from './label-validation.ts';
import { notNegative } from './value-validation.ts';

const statuses = ['False', 'True', 'Unknown'];
const maxReasonBytes = 1024;
const maxMessageBytes = 32 * 1024;
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonWords =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
const reasonExamples =
  "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is";
const reason = new RegExp(`^${reasonPattern}$`);

/** Conditions of a status, each type once (`apimachinery/pkg/apis/meta/v1/validation`). */
export function validateConditions(conditions: readonly Condition[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, condition] of conditions.entries()) {
    const before = conditions.slice(0, at).some(({ type }) => type === condition.type);
    if (before) errors.duplicate(path.index(at).child('type'), condition.type);
    validateCondition(condition, errors, path.index(at));
  }
}

function validateCondition(condition: Condition, errors: FieldErrors, path: FieldPath): void {
  const { type, status, observedGeneration = 0, lastTransitionTime, message } = condition;
  validateQualifiedName(type, errors, path.child('type'));
  if (!statuses.includes(status)) errors.notSupported(path.child('status'), status, statuses);
  if (observedGeneration < 0) errors.invalid(path.child('observedGeneration'), observedGeneration, notNegative);
  if (!lastTransitionTime) errors.required(path.child('lastTransitionTime'));
  validateReason(condition.reason, errors, path.child('reason'));
  if (Buffer.byteLength(message) > maxMessageBytes) errors.tooLong(path.child('message'), maxMessageBytes);
}

function validateReason(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text === '') return errors.required(path);
  if (!reason.test(text)) errors.invalid(path, text, `${reasonWords} ${reasonExamples} '${reasonPattern}')`);
  if (Buffer.byteLength(text) > maxReasonBytes) errors.tooLong(path, maxReasonBytes);
}
