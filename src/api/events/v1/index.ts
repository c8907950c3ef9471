/** The types of events/v1. */
export * from './event.ts';
