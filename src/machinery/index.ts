/** The engine of the API. */
export * from './schema/types.ts';
export * from './schema/fields.ts';
export * from './schema/resource.ts';
export * from './field-errors.ts';
export * from './field-path.ts';
