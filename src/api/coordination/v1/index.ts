/** The types of coordination/v1. */
export * from './lease.ts';
