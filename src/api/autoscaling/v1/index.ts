/** The types of autoscaling/v1. */
export * from './scale.ts';
