/** The types of discovery/v1. */
export * from './endpoint-slice.ts';
