import { badRequest, parseJson, parseYaml, unsupportedMediaType } from '#machinery';
import { decodeBodyProtobuf } from '../encoding/protobuf.ts';
import { mediaTypeOf } from '../http/accept.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes } from '../http/negotiate.ts';
import { deleteOptionsOf, isRecord, listOptionsOf, writeOptionsOf } from '../http/query.ts';
import type { PatchType } from '../registry/rest.ts';
import type { Call } from './perform.ts';

/** Reads the query and the body of a request on a resource. Throws BadRequest, Invalid, UnsupportedMediaType, ... */
export async function readCall(exchange: Exchange): Promise<Call> {
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
      const { value: body, duplicateFields } = await readObject(exchange);
      return { verb, ...target, body, write: { ...write, ...(duplicateFields.length > 0 && { duplicateFields }) } };
    }
    case 'patch':
      return { verb, ...target, ...(await readPatch(exchange)) };
    case 'delete':
    case 'deletecollection': {
      const list = verb === 'deletecollection' ? { list: listOptionsOf(query, false) } : {};
      return { verb, ...target, ...list, delete: deleteOptionsOf(query, await readOptionalObject(exchange)) };
    }
    default:
      throw badRequest(`the verb ${JSON.stringify(verb)} is not known`);
  }
}

interface Body {
  value: unknown;
  duplicateFields: string[];
}

const bodyTypes = Object.values(mediaTypes);

/** The object in a request's body. */
export async function readObject(exchange: Exchange): Promise<Body> {
  const bytes = await readBody(exchange);
  return decodeBody(bytes, exchange.headers['content-type'] ?? '');
}

async function readOptionalObject(exchange: Exchange): Promise<unknown> {
  const bytes = await readBody(exchange);
  return bytes.length === 0 ? undefined : decodeBody(bytes, exchange.headers['content-type'] ?? '').value;
}

function decodeBody(bytes: Buffer, contentType: string): Body {
  const type = contentType === '' ? mediaTypes.json : mediaTypeOf(contentType);
  switch (type) {
    case mediaTypes.json:
      return parseJson(bytes);
    case mediaTypes.yaml:
      return { value: oneDocument(bytes), duplicateFields: [] };
    case mediaTypes.protobuf:
      return { value: decodeBodyProtobuf(bytes), duplicateFields: [] };
    default:
      throw unsupportedMediaType('', bodyTypes);
  }
}

function oneDocument(bytes: Buffer): unknown {
  const [first] = parseYaml(bytes.toString());
  return first;
}

const patchTypes: readonly PatchType[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

async function readPatch(exchange: Exchange): Promise<Pick<Call, 'body' | 'patchType' | 'write'>> {
  const sent = mediaTypeOf(exchange.headers['content-type'] ?? '');
  const patchType = patchTypes.find((type) => type === sent);
  if (!patchType) throw unsupportedMediaType('', patchTypes);
  const write = writeOptionsOf(exchange.query, 'PatchOptions', patchType);
  const bytes = await readBody(exchange);
  const body = patchType === 'application/apply-patch+yaml' ? oneDocument(bytes) : parseJson(bytes).value;
  const fits = patchType === 'application/json-patch+json' ? Array.isArray(body) : isRecord(body);
  if (!fits) throw badRequest(`error decoding patch: json: cannot unmarshal into the type of ${patchType}`);
  const force = exchange.query.get('force') === 'true' || exchange.query.get('force') === '1';
  return { body, patchType, write: { ...write, ...(force && { force }) } };
}
