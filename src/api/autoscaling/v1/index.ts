/** The types of autoscaling/v1. */
export * from './horizontal-pod-autoscaler.ts';
export * from './metrics.ts';
export * from './scale.ts';
