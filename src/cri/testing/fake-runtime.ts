import { AsyncQueue } from '#base';
import { RpcError } from '#wire';
import * as m from '../messages/index.ts';
import { imageService, runtimeService, type ImageService, type RuntimeService } from '../services.ts';

/** A runtime that only remembers: enough to see calls, answers, errors and events pass. */
export function fakeRuntime(): { runtime: RuntimeService; images: ImageService; event(id: string): void } {
  const containers = new Map<string, m.ContainerStatus>();
  const listeners = new Set<AsyncQueue<m.ContainerEventResponse>>();
  const runtime: RuntimeService = {
    ...(unimplemented(runtimeService.methods) as RuntimeService),
    version: async ({ version }) =>
      m.VersionResponse.of({ version, runtimeName: 'fake', runtimeVersion: '1', runtimeApiVersion: 'v1' }),
    createContainer: async ({ config }) => {
      const containerId = `id-${containers.size}`;
      const { metadata, labels } = m.ContainerConfig.of(config);
      const createdAt = 1_790_000_000_123_456_789n;
      containers.set(
        containerId,
        m.ContainerStatus.of({ id: containerId, metadata: metadata ?? {}, labels, createdAt }),
      );
      return { containerId };
    },
    containerStatus: async ({ containerId }) => {
      const status = containers.get(containerId);
      if (!status) throw new RpcError('NotFound', `no container "${containerId}"`);
      return m.ContainerStatusResponse.of({ status });
    },
    execSync: async ({ cmd }, signal) => {
      if (cmd[0] === 'sleep') await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      return m.ExecSyncResponse.of({ stdout: Buffer.from(cmd.join(' ')), exitCode: 3 });
    },
    getContainerEvents: (_request, signal) => {
      const events = new AsyncQueue<m.ContainerEventResponse>();
      listeners.add(events);
      signal?.addEventListener('abort', () => {
        listeners.delete(events);
        events.close();
      });
      return events;
    },
  };
  const images: ImageService = {
    ...(unimplemented(imageService.methods) as ImageService),
    listImages: async () => m.ListImagesResponse.of({ images: [{ id: 'sha256:1', size: 2 ** 40, repoTags: ['a:b'] }] }),
  };
  const event = (containerId: string): void => {
    const message = m.ContainerEventResponse.of({ containerId, containerEventType: 'CONTAINER_STARTED_EVENT' });
    for (const events of listeners) events.push(message);
  };
  return { runtime, images, event };
}

function unimplemented(methods: Readonly<Record<string, { name: string }>>): unknown {
  const refuse = (name: string) => async () => {
    throw new RpcError('Unimplemented', `unknown method ${name}`);
  };
  return Object.fromEntries(Object.entries(methods).map(([key, { name }]) => [key, refuse(name)]));
}
