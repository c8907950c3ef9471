import {
  applyDefaults,
  badRequest,
  decode,
  isObject,
  parseApiVersion,
  type KubeObject,
  type Message,
  type Resource,
} from '#machinery';
import type { RequestContext, WriteOptions } from './rest.ts';

/**
 * Makes an object of what a client sent: the right kind, no field that does not exist, defaults filled in. Throws
 * BadRequest.
 */
export function objectOf(
  resource: Resource<KubeObject>,
  body: unknown,
  context: RequestContext,
  options: WriteOptions,
): KubeObject {
  const wanted = { apiVersion: resource.apiVersion, kind: resource.kindName };
  const object = decodeAs(resource.kind, wanted, body, context, options);
  if (clearsManagedFields(body)) object.metadata.managedFields = [];
  applyDefaults(resource.kind, object);
  resource.setDefaults?.(object);
  return object;
}

/** An empty list says something here: Go tells it from none at all, which decoding does not. */
function clearsManagedFields(body: unknown): boolean {
  const metadata = isObject(body) ? body.metadata : undefined;
  const entries = isObject(metadata) ? metadata.managedFields : undefined;
  return Array.isArray(entries) && entries.length === 0;
}

interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Decodes a body of a kind that may be another than the resource's own (`Scale`, `Binding`). No defaults. */
export function decodeAs<T extends object>(
  message: Message<T>,
  wanted: KindName,
  body: unknown,
  context: RequestContext,
  options: WriteOptions,
): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${wanted.kind})`);
  }
  const sent = body as Partial<KindName>;
  if ((sent.apiVersion ?? wanted.apiVersion) !== wanted.apiVersion || (sent.kind ?? wanted.kind) !== wanted.kind) {
    throw unrecognized({ ...wanted, ...sent }, wanted);
  }
  const { object, unknownFields } = decode(message, body);
  judgeFields(unknownFields, context, options);
  return Object.assign(object, wanted);
}

/** The words of `transformDecodeError` (`endpoints/handlers/rest.go`). */
function unrecognized(sent: KindName, wanted: KindName): Error {
  if (sent.kind === wanted.kind) {
    return badRequest(
      `the API version in the data (${sent.apiVersion}) does not match the expected API version (${wanted.apiVersion})`,
    );
  }
  const { version } = parseApiVersion(sent.apiVersion);
  return badRequest(
    `${sent.kind} in version "${version}" cannot be handled as a ${wanted.kind}: converting (${sent.apiVersion}.${sent.kind}) to (${wanted.apiVersion}.${wanted.kind}): unknown conversion`,
  );
}

/** Says, as the client asked, what of the body nobody will read. */
function judgeFields(unknownFields: readonly string[], context: RequestContext, options: WriteOptions): void {
  const { fieldValidation = 'Warn', duplicateFields = [] } = options;
  if (fieldValidation === 'Ignore') return;
  const problems = [
    ...unknownFields.map((path) => `unknown field "${path}"`),
    ...duplicateFields.map((path) => `duplicate field "${path}"`),
  ];
  if (problems.length === 0) return;
  if (fieldValidation === 'Strict') throw badRequest(`strict decoding error: ${problems.join(', ')}`);
  for (const problem of problems) context.warn(problem);
}
