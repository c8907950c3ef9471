import type { KubeObject } from '../schema/resource.ts';
import type { Message } from '../schema/types.ts';
import { leavesOf } from './field-set.ts';
import { parseFieldSet } from './parse-field-set.ts';
import { extractFields } from './remove-fields.ts';
import { shapeOf } from './shape.ts';

/**
 * What `manager` last applied of an object, as far as it still owns it: where to begin to change it and apply it again
 * (client-go's `Extract`). Undefined where it owns nothing.
 */
export function extractApplied(
  message: Message,
  object: KubeObject,
  { manager, subresource = '' }: { manager: string; subresource?: string },
): unknown {
  const entry = object.metadata.managedFields?.find(
    (one) => one.manager === manager && one.operation === 'Apply' && (one.subresource ?? '') === subresource,
  );
  if (!entry?.fieldsV1) return undefined;
  const { apiVersion, kind } = object;
  const extracted = extractFields(shapeOf(message), object, leavesOf(parseFieldSet(entry.fieldsV1)));
  return { apiVersion, kind, ...(extracted as object) };
}
