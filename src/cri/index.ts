/**
 * The Container Runtime Interface, v1: how a kubelet tells a runtime what to run.
 *
 * `messages/` has every message, declared once; `RuntimeService` and `ImageService` have every method. A runtime
 * implements the two interfaces; a kubelet calls them, in process or through a unix socket without noticing which:
 * `serveCri` puts a runtime behind a socket, `criClient` is the runtime behind someone's socket. A sandbox is run, its
 * images are pulled, containers are created and started in it; exec, attach and port-forward answer the URL of a
 * streaming server; stop and remove take it all down again. What goes wrong is a `CriError` with a gRPC code.
 *
 * Objects are complete: scalars, lists and maps are always there, nested messages may be absent. `Message.of({...})`
 * completes what leaves things out: `PodSandboxConfig.of({ metadata: { name: 'web' } })`.
 */
export * from './messages/index.ts';
export { imageService, runtimeService, type ImageService, type RuntimeService } from './services.ts';
export { isRpcError as isCriError, RpcError as CriError, type RpcCode as CriCode } from '#wire';
export { serveCri, type ServeCriOptions } from './server.ts';
export { criClient, type CriClient } from './client.ts';
