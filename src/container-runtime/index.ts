/** story later */
export { createContainerRuntime, type ContainerRuntime } from './container-runtime.ts';
export type { ContainerRuntimeOptions } from './context.ts';
export { ImageStore } from './images/image-store.ts';
export { removeContainerRuntime, type RemoveContainerRuntimeOptions } from './teardown.ts';
