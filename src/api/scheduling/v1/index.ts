/** The types of scheduling.k8s.io/v1. */
export * from './priority-class.ts';
