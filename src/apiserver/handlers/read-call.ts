import {
  badRequest,
  generic,
  isStatusError,
  parseJson,
  readYaml,
  unsupportedMediaType,
  type ParsedJson,
  type Resource,
} from '#machinery';
import type { PatchType, WriteOptions } from '../registry/rest.ts';
import { decodeBodyProtobuf } from '../encoding/protobuf.ts';
import { mediaTypeOf } from '../http/accept.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes } from '../http/negotiate.ts';
import { deleteOptionsOf, isRecord, listOptionsOf, mustBeSelectors, writeOptionsOf } from '../http/query.ts';
import { patchTypes } from '../registry/patch.ts';
import type { Call } from './perform.ts';

/** Reads the query and the body of a request on a resource. Throws BadRequest, Invalid, UnsupportedMediaType, ... */
export async function readCall(exchange: Exchange, resource: Resource): Promise<Call> {
  const { info, query } = exchange;
  const { verb, namespace, name, subresource } = info;
  const target = { namespace, name, subresource };
  switch (verb) {
    case 'get': {
      const resourceVersion = query.get('resourceVersion');
      return { verb, ...target, ...(resourceVersion !== null && { resourceVersion }) };
    }
    case 'list':
      return { verb, ...target, list: listOptionsOf(query, false) };
    case 'create':
    case 'update': {
      const write = writeOptionsOf(query, verb === 'create' ? 'CreateOptions' : 'UpdateOptions');
      const { value: body, ...found } = await readObject(exchange, kindIn(resource, subresource));
      return { verb, ...target, body, write: { ...write, ...found } };
    }
    case 'patch':
      return { verb, ...target, ...(await readPatch(exchange)) };
    case 'delete':
      return { verb, ...target, delete: deleteOptionsOf(query, await readOptionalObject(exchange)) };
    case 'deletecollection': {
      const list = listOptionsOf(query, false);
      mustBeSelectors(list);
      return { verb, ...target, list, delete: deleteOptionsOf(query, await readOptionalObject(exchange)) };
    }
    default:
      throw badRequest(`the verb ${JSON.stringify(verb)} is not known`);
  }
}

function kindIn(resource: Resource, subresource: string): string {
  return resource.subresources?.[subresource]?.kind?.kind.name ?? resource.kindName;
}

/** What a body holds, and what stands in it twice, as write options tell it. */
type Body = { value: unknown } & Pick<WriteOptions, 'doubledKeys' | 'duplicateFields' | 'keyPaths'>;

const bodyTypes = Object.values(mediaTypes);

/** The object in a request's body. Throws BadRequest in the words of `transformDecodeError` (`endpoints/handlers/rest.go`). */
export async function readObject(exchange: Exchange, kind: string): Promise<Body> {
  const bytes = await readBody(exchange);
  try {
    return await decodeBody(bytes, exchange.headers['content-type'] ?? '');
  } catch (error) {
    if (!isStatusError(error, 'BadRequest')) throw error;
    const why = error.message.replace(/^error converting YAML to JSON: /, ''); // said of patches only
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`);
  }
}

const summaryBytes = 30;

function summary(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const shown = bytes.subarray(0, summaryBytes).toString(bytes[0] === openingBrace ? 'utf8' : 'hex');
  return bytes.length > summaryBytes ? `${shown} ...` : shown;
}

const openingBrace = 123;

async function readOptionalObject(exchange: Exchange): Promise<unknown> {
  const bytes = await readBody(exchange);
  if (bytes.length === 0) return undefined;
  return (await decodeBody(bytes, exchange.headers['content-type'] ?? '')).value;
}

async function decodeBody(bytes: Buffer, contentType: string): Promise<Body> {
  const type = contentType === '' ? mediaTypes.json : mediaTypeOf(contentType);
  switch (type) {
    case mediaTypes.json:
      return ofSomeKind(jsonBody(bytes));
    case mediaTypes.yaml:
      return ofSomeKind(await oneDocument(bytes));
    case mediaTypes.protobuf:
      return { value: decodeBodyProtobuf(bytes) };
    default:
      throw unsupportedMediaType('', bodyTypes);
  }
}

const noKind = "couldn't get version/kind; json parse error: ";

function jsonBody(bytes: Buffer): Body {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (isStatusError(error, 'BadRequest')) throw badRequest(`${noKind}${error.message}`);
    throw error;
  }
}

/** What the JSON serializer asks of a body before it knows its type (`runtime/serializer/json/meta.go`). */
function ofSomeKind(body: Body): Body {
  const { value } = body;
  if (value === null || value === undefined) return { ...body, value: {} };
  const go = 'json: cannot unmarshal';
  if (!isRecord(value)) {
    const type = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
    throw badRequest(`${noKind}${go} ${jsonTypeOf(value)} into Go value of type ${type}`);
  }
  for (const name of ['apiVersion', 'kind']) {
    const found = value[name] ?? '';
    if (typeof found === 'string') continue;
    throw badRequest(`${noKind}${go} ${jsonTypeOf(found)} into Go struct field .${name} of type string`);
  }
  const { apiVersion } = value;
  if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    throw badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  }
  return body;
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

async function oneDocument(bytes: Buffer): Promise<Body> {
  const { documents, doubledKeys } = await readYaml(bytes.toString());
  return { value: documents[0], doubledKeys };
}

const unsupportedPatch = {
  code: 415,
  reason: 'UnsupportedMediaType',
  message: '415: Unsupported Media Type',
  details: {},
};

/** The type of a patch. Throws what go-restful answers, before anybody of the API is asked. */
export function patchTypeOf({ headers }: Exchange): PatchType {
  const sent = mediaTypeOf(headers['content-type'] ?? '');
  const patchType = patchTypes.find((type) => type === sent);
  if (!patchType) throw generic(unsupportedPatch);
  return patchType;
}

async function readPatch(exchange: Exchange): Promise<Pick<Call, 'body' | 'patchType' | 'write'>> {
  const patchType = patchTypeOf(exchange);
  const bytes = await readBody(exchange);
  const write = writeOptionsOf(exchange.query, 'PatchOptions', patchType);
  if (patchType === 'application/apply-patch+yaml') return { patchType, ...(await readConfiguration(bytes, write)) };
  const { value: body, duplicateFields } = parsedPatch(bytes, patchType);
  return { body, patchType, write: { ...write, duplicateFields } };
}

function parsedPatch(bytes: Buffer, patchType: PatchType): ParsedJson {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (!isStatusError(error, 'BadRequest') || patchType === 'application/strategic-merge-patch+json') throw error;
    throw badRequest(`error decoding patch: ${error.message}`);
  }
}

/** What is applied: YAML, which JSON is too, and is read faster as such. */
async function readConfiguration(bytes: Buffer, write: WriteOptions): Promise<Pick<Call, 'body' | 'write'>> {
  const json = parsedJson(bytes.toString());
  if (json && json.duplicateFields.length === 0) return { body: json.value, write };
  const { value: body = {}, doubledKeys } = await configuration(bytes);
  if (isRecord(body)) return { body, write: { ...write, doubledKeys } };
  const found = Array.isArray(body) ? 'array' : typeof body;
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
  );
}

async function configuration(bytes: Buffer): Promise<Body> {
  try {
    return await oneDocument(bytes);
  } catch (error) {
    throw isStatusError(error, 'BadRequest') ? badRequest(`error decoding YAML: ${error.message}`) : error;
  }
}

function parsedJson(text: string): ParsedJson | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined; // then it is YAML, whose parser has its own words for what is wrong
  }
}
