/**
 * The runtime behind CRI: what a kubelet asks for comes in, containers of runc come out.
 *
 * An image arrives from a registry (`registry/`), from an archive, or is made of the machine's own files
 * (`own-images/`); its layers are unpacked once for all nodes of the machine (`images/`). `RunPodSandbox` makes what a
 * pod shares (`sandbox/`): namespaces pinned to files, so that no process need hold them, and an interface on the node's
 * bridge (`network/`). `CreateContainer` mounts the layers under a folder to write in (`snapshots/`) and writes down the
 * specification (`oci/`); `StartContainer` starts conmon (`conmon/`), which has runc create the container, stays with
 * it, writes its log, and puts its exit code into a folder that is watched. So containers outlive this process: the next
 * one reads the records (`store/`) and goes on where this one ended (`adopt.ts`). Exec, attach and port-forward are
 * served on a loopback address of the node (`streaming/`). In the end everything is taken away again (`teardown.ts`).
 *
 * Each verb of CRI has a file that bears its name. All of them work with one `Context`.
 */
export { createContainerRuntime, type ContainerRuntime } from './container-runtime.ts';
export { removeCgroup } from './cgroups/cgroups.ts';
export type { ContainerRuntimeOptions } from './context.ts';
export type { RegistryOptions } from './registry/options.ts';
export type { ImageRecord } from './images/image-record.ts';
export { ImageStore, type ImageStoreOptions } from './images/image-store.ts';
export { buildOwnImages, nodeImage, toolboxImage, type OwnImagesOptions } from './own-images/build-own-images.ts';
export { removeContainerRuntime, type RemoveContainerRuntimeOptions } from './teardown.ts';
