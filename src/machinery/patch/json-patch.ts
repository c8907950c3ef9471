import { messageOf } from '#base';
import { copyJson, isEqualJson, isObject, setKey } from '../json.ts';
import { badRequest, generic, tooLarge, type StatusError } from '../status.ts';

/** Limits of the API server (`endpoints/handlers/patch.go`, `server/config.go`): so that a few `copy` cannot fill its memory. */
const maxOperations = 10_000;
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * RFC 6902 as upstream's library has it (`evanphx/json-patch` v4): `replace` of a member that is not there adds it, `copy`
 * of one copies null, and an index may count from the end. The inputs stay as they are. Throws StatusError: BadRequest for
 * what is no JSON patch, Invalid (422, with the few words that upstream gives) for one that does not apply, which a
 * `test` may be for.
 */
export function jsonPatch(object: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  if (operations.length > maxOperations) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`);
  }
  const patch = new PatchedDocument(copyJson(object));
  for (const operation of operations) {
    if (operation !== null && !isObject(operation)) throw badRequest('an operation is an object');
    try {
      patch.apply(operation ?? {});
    } catch (error) {
      throw unprocessable(error);
    }
  }
  return patch.document;
}

type Operation = Record<string, unknown>;
type Container = unknown[] | Record<string, unknown>;

class PatchedDocument {
  document: unknown;
  #copiedBytes = 0;

  constructor(document: unknown) {
    this.document = document;
  }

  apply(operation: Operation): void {
    const { op } = operation;
    switch (op) {
      case 'add':
        return this.#add(pathIn(operation, 'path'), valueOf(operation));
      case 'remove':
        return remove(...this.#find(pathIn(operation, 'path')));
      case 'replace':
        return this.#replace(pathIn(operation, 'path'), valueOf(operation));
      case 'move': {
        const [container, key] = this.#find(pathIn(operation, 'from'));
        const value = get(container, key);
        remove(container, key);
        return this.#add(pathIn(operation, 'path'), value);
      }
      case 'copy':
        return this.#copy(pathIn(operation, 'from'), pathIn(operation, 'path'));
      case 'test':
        return this.#test(pathIn(operation, 'path'), operation);
      default:
        throw new Error(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
    }
  }

  #add(path: string, value: unknown): void {
    const [container, key] = this.#find(path);
    if (!Array.isArray(container)) setKey(container, key, value);
    else if (key === '-') container.push(value);
    else container.splice(indexOf(key, container.length + 1), 0, value);
  }

  #replace(path: string, value: unknown): void {
    if (path === '') {
      if (typeof value !== 'object' || value === null) {
        throw new Error('replace operation value must be object or array');
      }
      this.document = value;
      return;
    }
    const [container, key] = this.#find(path);
    if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
    else setKey(container, key, value);
  }

  #copy(from: string, path: string): void {
    const value: unknown = structuredClone(get(...this.#find(from)));
    this.#copiedBytes += JSON.stringify(value).length;
    if (this.#copiedBytes > maxCopiedBytes) {
      throw new Error(`Unable to complete the copy, the accumulated size increase of copy is ${this.#copiedBytes}`);
    }
    this.#add(path, value);
  }

  #test(path: string, operation: Operation): void {
    const found = path === '' ? this.document : get(...this.#find(path));
    if (!isEqualJson(found, valueOf(operation))) throw new Error(`testing value ${path} failed: test failed`);
  }

  /** What holds the last step of a path, which need not be there itself. */
  #find(path: string): [Container, string] {
    const [, ...steps] = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = steps.pop();
    let container = this.document;
    for (const step of steps) container = isContainer(container) ? get(container, step) : undefined;
    if (key === undefined || !isContainer(container)) throw new Error(`doc is missing path: "${path}": missing value`);
    return [container, key];
  }
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function pathIn(operation: Operation, name: 'path' | 'from'): string {
  const path = operation[name];
  if (typeof path !== 'string') throw new Error(`operation missing ${name} field: missing value`);
  return path;
}

/** A value that is not said is null. */
function valueOf({ value = null }: Operation): unknown {
  return structuredClone(value);
}

/** What is not there in an object is null; in an array it is an error. */
function get(container: Container, key: string): unknown {
  if (Array.isArray(container)) return container[indexOf(key, container.length)];
  return Object.hasOwn(container, key) ? container[key] : null;
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw new Error(`Unable to remove nonexistent key: ${key}: missing value`);
}

/** An index of an array with this many places. */
function indexOf(key: string, length: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new Error(`value was not a proper array index: '${key}'`);
  const index = Number(key);
  if (index >= length || index < -length) throw new Error(`Unable to access invalid index: ${index}`);
  return index < 0 ? index + length : index;
}

function unprocessable(cause: unknown): StatusError {
  const error = generic({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
  error.cause = new Error(messageOf(cause), { cause });
  return error;
}
