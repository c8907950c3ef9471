/** The types of flowcontrol/v1. */
export * from './flow-schema-rules.ts';
export * from './flow-schema.ts';
export * from './priority-level-configuration.ts';
