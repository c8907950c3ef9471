import {
  applyDefaults,
  decode,
  FieldErrors,
  validateFields,
  Warnings,
  type Cell,
  type Column,
  type Resource,
} from '#machinery';

/** An object as the API server has it after reading a request: decoded, with its defaults. */
export function defaulted<T extends object>(resource: Resource<T>, object: unknown): T {
  const { object: decoded, unknownFields } = decode(resource.kind, object);
  if (unknownFields.length > 0) throw new Error(`unknown fields: ${unknownFields.join(', ')}`);
  applyDefaults(resource.kind, decoded);
  resource.setDefaults?.(decoded);
  return decoded;
}

/** What is wrong with an object, `field: message` each, as a client is told it; `old` for an update. */
export function causes<T extends object>(resource: Resource<T>, object: unknown, old?: unknown): string[] {
  const errors = new FieldErrors();
  const now = defaulted(resource, object);
  validateFields(resource.kind, now, errors);
  const to = errors.list.length;
  resource.validate?.(now, errors, old === undefined ? undefined : defaulted(resource, old));
  const told = errors.list.filter(({ field }, at) => at >= to || !errors.isIgnored(field));
  return [...new Set(told.map(({ field, message }) => `${field}: ${message}`))];
}

/** The cells of an object by the names of their columns; without the wide ones, unless asked. */
export function row<T extends object>(
  resource: Resource<T>,
  object: unknown,
  { nowMs = 0, wide = false }: { nowMs?: number; wide?: boolean } = {},
): Record<string, Cell> {
  const columns: readonly Column<T>[] = resource.columns ?? [];
  const { object: decoded } = decode(resource.kind, object);
  const shown = columns.filter(({ priority = 0 }) => wide || priority === 0);
  return Object.fromEntries(shown.map(({ name, cell }) => [name, cell(decoded, nowMs)]));
}

/** As `causes`, for an update of the status. */
export function statusCauses<T extends object>(resource: Resource<T>, object: unknown, old: unknown): string[] {
  return doorCauses(resource, 'status', object, old);
}

/** As `causes`, for an update through a subresource. */
export function doorCauses<T extends object>(
  resource: Resource<T>,
  door: string,
  object: unknown,
  old: unknown,
): string[] {
  const errors = new FieldErrors();
  resource.subresources?.[door]?.validate?.(defaulted(resource, object), errors, defaulted(resource, old));
  return errors.list.map(({ field, message }) => `${field}: ${message}`);
}

/** What the writer of an object is warned of; `old` for an update. */
export function warningsOf<T extends object>(resource: Resource<T>, object: unknown, old?: unknown): string[] {
  const warnings = new Warnings();
  const before = old === undefined ? undefined : defaulted(resource, old);
  resource.warn?.(defaulted(resource, object), warnings, before);
  return warnings.list;
}
