/** The types of meta/v1. */
export * from './condition.ts';
export * from './discovery.ts';
export * from './label-selector.ts';
export * from './list-meta.ts';
export * from './list.ts';
export * from './object-meta.ts';
export * from './options.ts';
export * from './partial-object-metadata.ts';
export * from './status.ts';
export * from './table.ts';
