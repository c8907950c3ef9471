/** Every message of CRI v1 (`k8s.io/cri-api/pkg/apis/runtime/v1`), by what it is about. */
export * from './common.ts';
export * from './windows.ts';
export * from './sandbox-config.ts';
export * from './container.ts';
export * from './sandbox.ts';
export * from './exec.ts';
export * from './image.ts';
export * from './stats.ts';
export * from './windows-stats.ts';
export * from './sandbox-stats.ts';
export * from './metrics.ts';
export * from './runtime.ts';
