import { compareText } from '#base';
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
import { messageOfKind } from '../encoding/kinds.ts';
import { dedupeOwners } from './owner-references.ts';
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
  const object = completed(resource, body, decodeAs(resource.kind, wanted, body, context, options));
  dedupeOwners(object, context, 'asSent');
  return object;
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
  if ((sent.apiVersion || wanted.apiVersion) !== wanted.apiVersion || (sent.kind || wanted.kind) !== wanted.kind) {
    throw unrecognized({ apiVersion: sent.apiVersion || wanted.apiVersion, kind: sent.kind || wanted.kind }, wanted);
  }
  try {
    return Object.assign(readFields(message, body, { problems: [], context, options }), wanted);
  } catch (error) {
    if (!isStatusError(error, 'BadRequest')) throw error;
    const { version } = parseApiVersion(wanted.apiVersion);
    const told = `${wanted.kind} in version "${version}" cannot be handled as a ${wanted.kind}: ${error.message}`;
    throw badRequest(told);
  }
}

interface Reading {
  /** What was found before, of a patch. */
  readonly problems: readonly string[];
  readonly context: RequestContext;
  readonly options: WriteOptions;
}

/** Decodes a value, and says, as the client asked, what of it nobody will read. Throws BadRequest in Go's own words. */
export function readFields<T>(message: Message<T>, value: unknown, reading: Reading): T {
  return judgeFields(decode(message, value), reading);
}

/** Says, as the client asked, what nobody will read. Throws BadRequest. */
export function judgeFields<T>(
  { object, unknownFields }: { object: T; unknownFields: readonly string[] },
  { problems, context, options }: Reading,
): T {
  const { fieldValidation = 'Warn', doubledKeys = [] } = options;
  if (fieldValidation === 'Ignore') return object;
  const fields = problems.length > 0 ? unknownFields.map(unknownField) : problemsInOrder(unknownFields, options);
  const all = [...problems, ...fields];
  if (fieldValidation === 'Warn') {
    for (const problem of [...doubledKeys, ...all]) context.warn(problem);
    return object;
  }
  if (doubledKeys.length > 0) all.unshift(yamlProblem(doubledKeys));
  if (all.length > 0) throw badRequest(`strict decoding error: ${all.join(', ')}`);
  return object;
}

const unknownField = (path: string): string => `unknown field "${path}"`;

/** As a decoder meets them that reads the text once; YAML is sorted before it is read. */
function problemsInOrder(unknown: readonly string[], { duplicateFields = [], keyPaths }: WriteOptions): string[] {
  if (unknown.length + duplicateFields.length < 2 || !keyPaths) {
    return [...unknown.toSorted(compareText).map(unknownField), ...duplicateFields.map(duplicateField)];
  }
  const paths = keyPaths();
  const found = [
    ...unknown.map((path) => ({ at: paths.indexOf(path), text: unknownField(path) })),
    ...duplicateFields.map((path) => ({
      at: paths.indexOf(path, paths.indexOf(path) + 1),
      text: duplicateField(path),
    })),
  ];
  return found.sort((one, other) => one.at - other.at).map(({ text }) => text);
}

export const duplicateField = (path: string): string => `duplicate field "${path}"`;

/** The words of `transformDecodeError` (`endpoints/handlers/rest.go`) for a kind that was not asked for. */
function unrecognized(sent: KindName, wanted: KindName): Error {
  const isKnown = messageOfKind(sent.apiVersion, sent.kind) !== undefined;
  if (isKnown && sent.kind === wanted.kind) {
    return badRequest(
      `the API version in the data (${sent.apiVersion}) does not match the expected API version (${wanted.apiVersion})`,
    );
  }
  const { version } = parseApiVersion(sent.apiVersion);
  const why = unconvertible(sent, wanted);
  return badRequest(`${sent.kind} in version ${JSON.stringify(version)} cannot be handled as a ${wanted.kind}: ${why}`);
}

/** Why an object of one kind cannot be read as another, in the words of apimachinery's scheme. */
export function unconvertible(sent: KindName, wanted: KindName): string {
  const [{ version }, { group }] = [parseApiVersion(sent.apiVersion), parseApiVersion(wanted.apiVersion)];
  const internal = group.startsWith('events.') ? 'core' : group.split('.')[0] || 'core'; // Go's package of the kind
  return messageOfKind(sent.apiVersion, sent.kind)
    ? `converting (${version}.${sent.kind}) to (${internal}.${wanted.kind}): unknown conversion`
    : `no kind ${JSON.stringify(sent.kind)} is registered for version ${JSON.stringify(sent.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
}
