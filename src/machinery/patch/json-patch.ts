import jsonpatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { isObject } from '../json.ts';
import { badRequest, generic, tooLarge, type StatusError } from '../status.ts';

/** Limits of the API server (`endpoints/handlers/patch.go`): so that a few `copy` cannot fill its memory. */
const maxOperations = 10_000;
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * RFC 6902. The inputs stay as they are. Throws StatusError: BadRequest for what is no JSON patch, Invalid (422, with
 * the few words that upstream gives) for one that does not apply, which a `test` may be for.
 */
export function jsonPatch(object: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  if (operations.length > maxOperations) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`);
  }
  let document: unknown = structuredClone(object);
  let copied = 0;
  for (const [index, operation] of structuredClone(operations).entries()) {
    if (!isOperation(operation)) throw unprocessable();
    try {
      if (operation.op === 'copy') copied += sizeAt(document, operation.from);
      if (copied > maxCopiedBytes) throw unprocessable();
      // Validated, in place (the document is ours), and never through a prototype.
      document = jsonpatch.applyOperation<unknown>(document, operation, true, true, true, index).newDocument;
    } catch (error) {
      throw unprocessable(error);
    }
  }
  return document;
}

function isOperation(value: unknown): value is Operation {
  return isObject(value) && typeof value.op === 'string' && typeof value.path === 'string';
}

function sizeAt(document: unknown, pointer: string): number {
  const value: unknown = jsonpatch.getValueByPointer(document, pointer);
  return value === undefined ? 0 : JSON.stringify(value).length;
}

function unprocessable(cause?: unknown): StatusError {
  const error = generic({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
  error.cause = cause;
  return error;
}
