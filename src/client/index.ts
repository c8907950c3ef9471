/**
 * How every part of Kedge talks to the API server.
 *
 * A part is handed a `Client` and never knows what is behind it: a `Transport` over HTTPS (`httpTransport`), the API
 * server's own in-process transport, or a `FakeTransport` in tests. `client.of(pods).in('default').get('web')` is a
 * call; it answers with the object or throws a `StatusError`.
 *
 * A controller lives like this. It asks an `InformerFactory` for an `Informer` of each resource it reads; that lists,
 * watches, and keeps a copy that its `lister` reads without a call. News goes to the handlers, which put a key into the
 * controller's `WorkQueue`; a key waits there once however much happened to it. `Controller` takes the key out and calls
 * `reconcile(key)`, which reads listers, decides and writes through the client; what fails comes back later and later.
 * What it asked for and the lister does not show yet it keeps in `Expectations`. It tells people what it did through
 * an `EventRecorder`. Where several copies of it run, a `LeaderElector` lets one of them work.
 *
 * What comes in: resources and types of #api, a clock, randomness. What goes out: API calls, and frozen objects.
 */
export {
  pathOf,
  type ApiRequest,
  type ApiResource,
  type PatchType,
  type QueryOptions,
  type Transport,
  type Verb,
  type WatchEvent,
  type WatchRequest,
} from './request.ts';
export {
  Client,
  type DeleteOptions,
  type GetOptions,
  type ListOptions,
  type ListResult,
  type New,
  type PatchOptions,
  type ResourceClient,
  type SubresourceClient,
  type TypedResource,
  type WriteOptions,
} from './client.ts';
export { httpTransport, type HttpTransportOptions } from './http/transport.ts';
export { Informer, type InformerHandler, type InformerOptions } from './informer.ts';
export { InformerFactory } from './informer-factory.ts';
export type { IndexFunction, Lister } from './lister.ts';
export { Backoff } from './backoff.ts';
export { TokenBucket } from './rate-limiter.ts';
export { WorkQueue } from './work-queue.ts';
export { Controller, type ControllerOptions } from './controller.ts';
export { Expectations } from './expectations.ts';
export { EventRecorder, type EventOptions, type EventRecorderOptions, type EventSubject } from './events/recorder.ts';
export { LeaderElector, type LeaderElectorOptions } from './leader-elector.ts';
export { isNamespaceTerminating } from './errors.ts';
export { retryOnConflict } from './retry.ts';
export { FakeTransport, type FakeTransportOptions } from './testing.ts';
