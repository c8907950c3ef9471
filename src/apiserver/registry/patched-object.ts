import {
  badRequest,
  FieldErrors,
  FieldPath,
  goJson,
  goString,
  invalid,
  isObject,
  isStatusError,
  type KubeObject,
  type Resource,
  UnreadableValue,
} from '#machinery';
import { messageOfKind } from '../encoding/kinds.ts';
import { completed, duplicateField, judgeFields, unconvertible } from './body.ts';
import { decodeChanged } from './decode-changed.ts';
import { applyPatch } from './patch.ts';
import type { PatchType, RequestContext, WriteOptions } from './rest.ts';

/**
 * The object that a patch makes of another. Throws BadRequest for a patch that cannot be read, and Invalid (422), which
 * shows the whole patch or what it made, for one whose result is no such object (`endpoints/handlers/patch.go`).
 */
export function patchedObject(
  resource: Resource<KubeObject>,
  old: KubeObject,
  { type, patch }: { type: PatchType; patch: unknown },
  { context, options }: { context: RequestContext; options: WriteOptions },
): KubeObject {
  const { apiVersion, kindName: kind } = resource;
  const patched = applyPatch(resource.kind, type, old, patch);
  const isStrategic = type === 'application/strategic-merge-patch+json';
  if (!isStrategic) mustHaveVersion(patched, old);
  try {
    if (!isStrategic) mustBeReadable(patched, { apiVersion, kind });
    const problems = problemsOf(type, patch, options);
    const decoded = decodeChanged(resource.kind, patched, old);
    const object = judgeFields(decoded, { problems, context, options: { ...options, duplicateFields: [] } });
    return completed(resource, patched, Object.assign(object, { apiVersion, kind }));
  } catch (error) {
    if (!isStatusError(error, 'BadRequest')) throw error;
    const errors = new FieldErrors();
    const words = isStrategic ? converterWords(error) : error.message;
    errors.invalid(FieldPath.of('patch'), isStrategic ? goString(patch) : goJson(patched), words);
    throw invalid({ group: '', kindName: '' }, '', errors);
  }
}

/** What has no version upstream does not take for the object that was patched, and looks for its name. */
function mustHaveVersion(patched: unknown, { metadata: { name } }: KubeObject): void {
  if (!isObject(patched) || patched.apiVersion) return;
  throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
}

/** What was patched as JSON is read anew, whatever kind it says that it is; other versions of the kind are good too. */
function mustBeReadable(patched: unknown, wanted: { apiVersion: string; kind: string }): void {
  if (!isObject(patched)) return;
  const { apiVersion, kind = wanted.kind } = patched;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === '') return;
  if (kind === wanted.kind && (apiVersion === wanted.apiVersion || messageOfKind(apiVersion, kind))) return;
  if (apiVersion.split('/').length > 2) throw badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  throw badRequest(unconvertible({ apiVersion, kind }, wanted));
}

const operationFields = new Set(['op', 'path', 'from', 'value']);

/** What nobody will read of the patch itself. */
function problemsOf(type: PatchType, patch: unknown, { duplicateFields = [] }: WriteOptions): string[] {
  const duplicates = duplicateFields.map(duplicateField);
  if (type !== 'application/json-patch+json' || !Array.isArray(patch)) return duplicates;
  const unknown = patch.flatMap((operation: unknown, at) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter((name) => !operationFields.has(name))
      .map((name) => `unknown field "[${at}].${name}"`),
  );
  return [...duplicates, ...unknown].map((problem) => `json patch ${problem}`);
}

const kinds: Readonly<Record<string, string>> = { array: 'slice', object: 'map', number: 'int64' };

/** A strategic merge patch never was text: what does not fit is told by the converter, not by encoding/json. */
export function converterWords(error: Error): string {
  // Types that read themselves keep their own words.
  if (error instanceof UnreadableValue) return error.bare;
  const { message } = error;
  const match = /^json: cannot unmarshal (\w+)(?: (\S+))? into .* of type (\S+)$/.exec(message);
  if (!match) return message;
  const [, found = '', number = '', type = ''] = match;
  const kind = number.includes('.') ? 'float64' : (kinds[found] ?? found);
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (type.startsWith('v1.')) return `cannot restore struct from: ${kind}`;
  const isConvertible = found === 'number' && (type === 'string' ? kind === 'int64' : type !== 'bool');
  return isConvertible ? `cannot convert ${kind} to ${type}` : `unrecognized type: ${type}`;
}
