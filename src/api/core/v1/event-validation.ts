import { FieldPath, isDns1123Subdomain, isQualifiedName, type FieldErrors } from '#machinery';
import type { Event } from './event.ts';

const maxWord = 128;
const maxMessage = 1024;
const about = FieldPath.of('involvedObject', 'namespace');

/** The rules of events (`pkg/apis/core/validation/events.go`): those of the new kind, which have a time, say more. */
export function validateEvent(event: Event, errors: FieldErrors): void {
  const { metadata, involvedObject, eventTime } = event;
  const namespace = metadata.namespace ?? '';
  const of = involvedObject.namespace ?? '';
  if (eventTime !== undefined) {
    if (of === '' && namespace !== 'default' && namespace !== 'kube-system') mismatch(of, errors);
    validateNewFields(event, errors);
  } else if (of === '' ? namespace !== '' && namespace !== 'default' : namespace !== of) mismatch(of, errors);
  for (const why of isDns1123Subdomain(namespace)) errors.invalid(FieldPath.of('namespace'), namespace, why);
}

function mismatch(namespace: string, errors: FieldErrors): void {
  errors.invalid(about, namespace, 'does not match event.namespace');
}

function validateNewFields(event: Event, errors: FieldErrors): void {
  const { reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = event;
  const controller = FieldPath.of('reportingComponent');
  if (reportingComponent === '') errors.required(controller);
  for (const why of isQualifiedName(reportingComponent)) errors.invalid(controller, reportingComponent, why);
  validateWord('reportingInstance', reportingInstance, errors);
  validateWord('action', action, errors);
  validateWord('reason', reason, errors);
  if (message.length > maxMessage) {
    errors.invalid(FieldPath.of('message'), '', `can have at most ${maxMessage} characters`);
  }
}

function validateWord(field: string, text: string, errors: FieldErrors): void {
  if (text === '') errors.required(FieldPath.of(field));
  if (text.length > maxWord) errors.invalid(FieldPath.of(field), '', `can have at most ${maxWord} characters`);
}
