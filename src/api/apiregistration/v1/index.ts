/** The types of apiregistration/v1: who serves which version of a group. */
export * from './api-service.ts';
