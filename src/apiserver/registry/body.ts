import {
  applyDefaults,
  badRequest,
  decode,
  isObject,
  isStatusError,
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
  return completed(resource, body, decodeAs(resource.kind, wanted, body, context, options));
}

/** Fills in what decoding alone does not. */
export function completed(resource: Resource<KubeObject>, body: unknown, object: KubeObject): KubeObject {
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

/** go-yaml's words for keys that stand twice. */
export function yamlProblem(doubledKeys: readonly string[]): string {
  return ['yaml: unmarshal errors:', ...doubledKeys.map((line) => `  ${line}`)].join('\n');
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
  const { doubledKeys = [], duplicateFields = [] } = options;
  const problems = doubledKeys.length > 0 ? [yamlProblem(doubledKeys)] : [];
  const later = duplicateFields.map((path) => `duplicate field "${path}"`);
  try {
    return Object.assign(readFields(message, body, { problems, later, context, options }), wanted);
  } catch (error) {
    if (!isStatusError(error, 'BadRequest')) throw error;
    const { version } = parseApiVersion(wanted.apiVersion);
    const told = `${wanted.kind} in version "${version}" cannot be handled as a ${wanted.kind}: ${error.message}`;
    throw badRequest(told);
  }
}

/**
 * Decodes a value, and says, as the client asked, what of it nobody will read; `problems` were found before, and are told
 * before (a YAML parser's) or `later` (those of a JSON decoder, which finds both). Throws BadRequest in Go's own words.
 */
export function readFields<T>(
  message: Message<T>,
  value: unknown,
  {
    problems,
    later = [],
    context,
    options,
  }: { problems: readonly string[]; later?: readonly string[]; context: RequestContext; options: WriteOptions },
): T {
  const { object, unknownFields } = decode(message, value);
  const { fieldValidation = 'Warn' } = options;
  const all = [...problems, ...unknownFields.map((path) => `unknown field "${path}"`), ...later];
  if (fieldValidation === 'Ignore' || all.length === 0) return object;
  if (fieldValidation === 'Strict') throw badRequest(`strict decoding error: ${all.join(', ')}`);
  for (const problem of all) context.warn(problem);
  return object;
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
