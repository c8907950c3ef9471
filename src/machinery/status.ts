import { goQuote } from './go-quote.ts';
import type { FieldErrors } from './field-errors.ts';

/** One thing that is wrong, in `details.causes`. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** What the error is about. `kind` is the resource's plural where a resource was asked for, the kind's name where an object was invalid. */
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** `meta.k8s.io/v1` Status: how the API says yes or no without an object. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { resourceVersion?: string; continue?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** The part of a `Resource` that errors name it by. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

/** An error that the API answers with, or answered with. Its message is the Status' message. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message ?? '', options);
    this.name = 'StatusError';
    this.status = status;
  }

  /** The HTTP code; 500 where the Status names none. */
  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** Whether `error` is a StatusError, and, where reasons are given, has one of them. */
export function isStatusError(error: unknown, ...reasons: string[]): error is StatusError {
  return error instanceof StatusError && (reasons.length === 0 || reasons.includes(error.reason));
}

/** The Status of something done, e.g. a deletion. */
export function successStatus(details?: StatusDetails): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', ...(details && { details }) };
}

interface Failure {
  code: number;
  reason: string;
  message: string;
  details?: StatusDetails;
}

/** A failure in the caller's own words. */
export function generic({ code, reason, message, details }: Failure): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  });
}

/** `pods`, `deployments.apps`: how messages name a resource or a kind. */
function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

function detailsOf(resource: ResourceName, name: string): StatusDetails {
  return {
    ...(name !== '' && { name }),
    ...(resource.group !== '' && { group: resource.group }),
    ...(resource.plural !== '' && { kind: resource.plural }),
  };
}

/** 404: there is no such object. */
export function notFound(resource: ResourceName, name: string): StatusError {
  const message = `${qualified(resource.plural, resource.group)} ${goQuote(name)} not found`;
  return generic({ code: 404, reason: 'NotFound', message, details: detailsOf(resource, name) });
}

/** 409: an object of this name is there. */
export function alreadyExists(resource: ResourceName, name: string): StatusError {
  const message = `${qualified(resource.plural, resource.group)} ${goQuote(name)} already exists`;
  return generic({ code: 409, reason: 'AlreadyExists', message, details: detailsOf(resource, name) });
}

/** 409: every name tried for `generateName` was taken. */
export function generateNameConflict(resource: ResourceName, name: string, retryAfterSeconds: number): StatusError {
  const message = `${qualified(resource.plural, resource.group)} ${goQuote(name)} already exists, the server was not able to generate a unique name for the object`;
  const details = { ...detailsOf(resource, name), retryAfterSeconds };
  return generic({ code: 409, reason: 'AlreadyExists', message, details });
}

/** 409: the object is not what the caller thought it was; `why` ends the sentence. */
export function conflict(resource: ResourceName, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource.plural, resource.group)} ${goQuote(name)}: ${why}`;
  return generic({ code: 409, reason: 'Conflict', message, details: detailsOf(resource, name) });
}

/** The words of the optimistic lock, to be passed to `conflict` (`registry/generic/registry/store.go`). */
export const objectModified =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 422: the object breaks rules; `name` may be empty. */
export function invalid(
  kind: { readonly group: string; readonly kindName: string },
  name: string,
  errors: FieldErrors,
): StatusError {
  const words = [...new Set(errors.list.map(({ field, message }) => `${field}: ${message}`))];
  const told = words.length > 1 ? `[${words.join(', ')}]` : words.join('');
  const head = `${qualified(kind.kindName, kind.group)} ${goQuote(name)} is invalid`;
  const details: StatusDetails = {
    ...(name !== '' && { name }),
    ...(kind.group !== '' && { group: kind.group }),
    ...(kind.kindName !== '' && { kind: kind.kindName }),
    causes: errors.list.map((one) => ({ ...one })),
  };
  return generic({ code: 422, reason: 'Invalid', message: told === '' ? head : `${head}: ${told}`, details });
}

/** 400. */
export function badRequest(message: string): StatusError {
  return generic({ code: 400, reason: 'BadRequest', message });
}

/** 401. */
export function unauthorized(message = 'Unauthorized'): StatusError {
  return generic({ code: 401, reason: 'Unauthorized', message });
}

/** 403: `why` ends the sentence; without a resource (`plural: ''`) it is about a path. */
export function forbidden(resource: ResourceName, name: string, why: string): StatusError {
  const message = `${forbiddenSubject(resource, name)}: ${why}`;
  return generic({ code: 403, reason: 'Forbidden', message, details: detailsOf(resource, name) });
}

function forbiddenSubject(resource: ResourceName, name: string): string {
  if (resource.plural === '' && resource.group === '') return 'forbidden';
  const what = qualified(resource.plural, resource.group);
  return name === '' ? `${what} is forbidden` : `${what} ${goQuote(name)} is forbidden`;
}

/** 410, reason Expired: the revision or continue token is too old; list again. */
export function gone(message: string): StatusError {
  return generic({ code: 410, reason: 'Expired', message });
}

/** 405. */
export function methodNotSupported(resource: ResourceName, verb: string): StatusError {
  const what = qualified(resource.plural, resource.group);
  const message = `${verb} is not supported on resources of kind ${goQuote(what)}`;
  return generic({ code: 405, reason: 'MethodNotAllowed', message, details: detailsOf(resource, '') });
}

/** 406: nothing that the client accepts can be made. */
export function notAcceptable(message: string): StatusError {
  return generic({ code: 406, reason: 'NotAcceptable', message });
}

/** 415: a body of type `type` cannot be read here. */
export function unsupportedMediaType(type: string, supported: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`;
  const details = type === '' ? undefined : { causes: [{ message: `received ${goQuote(type)}` }] };
  return generic({ code: 415, reason: 'UnsupportedMediaType', message, ...(details && { details }) });
}

/** 413. */
export function tooLarge(message: string): StatusError {
  const told = `Request entity too large: ${message}`;
  return generic({ code: 413, reason: 'RequestEntityTooLarge', message: told });
}

/** 429: come back after `retryAfterSeconds`. */
export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return generic({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } });
}

/** 500: something broke that the caller has no part in. */
export function internalError(message: string): StatusError {
  const told = `Internal error occurred: ${message}`;
  return generic({ code: 500, reason: 'InternalError', message: told, details: { causes: [{ message }] } });
}

/** 503. */
export function serviceUnavailable(message: string): StatusError {
  return generic({ code: 503, reason: 'ServiceUnavailable', message });
}

/** 500, reason ServerTimeout: the operation did not end in time for a passing reason; try again. */
export function timeout(resource: ResourceName, verb: string, retryAfterSeconds: number): StatusError {
  const what = qualified(resource.plural, resource.group);
  const message = `The ${verb} operation against ${what} could not be completed at this time, please try again.`;
  const details = { ...detailsOf(resource, verb), retryAfterSeconds };
  return generic({ code: 500, reason: 'ServerTimeout', message, details });
}

/** 504: the request ran out of its time; it may still take effect. */
export function requestTimeout(message: string, retryAfterSeconds: number): StatusError {
  return generic({ code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details: { retryAfterSeconds } });
}
