/** The types of node.k8s.io/v1. */
export * from './runtime-class.ts';
