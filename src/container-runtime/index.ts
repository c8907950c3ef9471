/** story later */
export { createContainerRuntime, type ContainerRuntime } from './container-runtime.ts';
export type { ContainerRuntimeOptions } from './context.ts';
export { ImageStore, type ImageStoreOptions } from './images/image-store.ts';
export { buildOwnImages, nodeImage, toolboxImage, type OwnImagesOptions } from './own-images/build-own-images.ts';
export { removeContainerRuntime, type RemoveContainerRuntimeOptions } from './teardown.ts';
