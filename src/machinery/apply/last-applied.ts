import { goJson } from '../go-values.ts';
import { isEqualJson, isObject } from '../json.ts';
import { compare } from './compare.ts';
import { conform } from './conform.ts';
import { Conflicts } from './conflicts.ts';
import { hasPath, subtract, type FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import type { Typed } from './updater.ts';

/** Where client-side `kubectl apply` keeps what it applied. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

const maxAnnotationBytes = 256 * 1024;

/** What client-side apply last applied of this object, as it was written; empty where there is none. */
export function lastAppliedOf(object: unknown): string {
  const text = annotationsOf(object)?.[lastAppliedAnnotation];
  return typeof text === 'string' ? text : '';
}

function annotationsOf(object: unknown): Record<string, unknown> | undefined {
  const metadata = isObject(object) ? object.metadata : undefined;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) ? annotations : undefined;
}

/**
 * What is left of the conflicts when those are taken off that client-side apply set, and that still are as it set them:
 * who moves from client-side to server-side apply is not in conflict with himself (`internal/lastappliedmanager.go`).
 */
export function conflictsBeyondLastApplied(conflicts: Conflicts, live: Typed): Conflicts | undefined {
  const allowed = setByClientSideApply(live);
  if (!allowed) return conflicts;
  const left = conflicts.list.filter(({ path }) => !hasPath(allowed, path));
  return left.length === 0 ? undefined : new Conflicts(left);
}

/** Undefined where it cannot be told. */
function setByClientSideApply({ shape, version, value }: Typed): FieldSet | undefined {
  const applied = parse(lastAppliedOf(value));
  if (!isObject(applied) || applied.apiVersion !== version) return undefined;
  if (conform(shape, applied).length > 0 || conform(shape, value).length > 0) return undefined;
  const { added, modified, removed } = compare(shape, applied, value);
  return subtract(subtract(subtract(fieldsOf(shape, applied), modified), added), removed);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whoever wrote the annotation, it was not kubectl
  }
}

/** The object with its annotation brought up to what was applied now, so that client-side apply may come back. */
export function withLastApplied(object: unknown, config: Readonly<Record<string, unknown>>): unknown {
  const annotations = annotationsOf(object);
  if (!annotations || lastAppliedOf(object) === '' || !isObject(object) || !isObject(object.metadata)) return object;
  const updated: Record<string, unknown> = { ...annotations, [lastAppliedAnnotation]: lastAppliedText(config) };
  const bytes = Object.entries(updated).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  if (bytes > maxAnnotationBytes) delete updated[lastAppliedAnnotation];
  if (isEqualJson(updated, annotations)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: updated } };
}

/** As Go writes it: keys in order, HTML escaped, a line of its own. */
function lastAppliedText(config: Readonly<Record<string, unknown>>): string {
  const { metadata } = config;
  let bare = config;
  if (isObject(metadata) && isObject(metadata.annotations)) {
    const { [lastAppliedAnnotation]: _before, ...annotations } = metadata.annotations;
    bare = { ...config, metadata: { ...metadata, annotations } };
  }
  return `${goJson(bare)}\n`;
}
