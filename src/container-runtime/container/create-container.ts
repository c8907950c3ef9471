import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CriError,
  LinuxContainerResources,
  type ContainerConfig,
  type CreateContainerRequest,
  type CreateContainerResponse,
  type PodSandboxConfig,
} from '#cri';
import { newId, type Context } from '../context.ts';
import type { ImageRecord } from '../images/image-record.ts';
import { commandLine } from '../oci/process.ts';
import { makeSpec } from '../oci/make-spec.ts';
import { resolveUser, type ContainerUserIds } from '../oci/user.ts';
import { sandboxConfig } from '../sandbox/sandbox-config.ts';
import { sendContainerEvent } from '../status/send-event.ts';
import type { ContainerRecord, SandboxRecord } from '../store/records.ts';
import { packContainerConfig } from './container-config.ts';
import { containerNamespaces, sandboxFiles } from './shared-with-sandbox.ts';

/** Prepares a container: its root file system and its specification. Nothing runs before `startContainer`. */
export async function createContainer(
  context: Context,
  request: CreateContainerRequest,
): Promise<CreateContainerResponse> {
  const { config } = request;
  if (!config?.metadata) throw new CriError('InvalidArgument', 'container config must have metadata');
  const sandbox = context.sandboxes.find(request.podSandboxId);
  if (!sandbox) throw new CriError('NotFound', `failed to find sandbox id "${request.podSandboxId}": not found`);
  if (sandbox.stopped) throw new CriError('Unknown', `sandbox "${sandbox.id}" is not running`);
  const image = await requireImage(context, config);
  commandLine(config, image.config); // before anything is made
  const id = newId(context);
  try {
    await context.snapshots.prepare(id, image.layers, rootfsOf(context, id));
    await writeContainer(context, {
      id,
      sandbox,
      config,
      image,
      sandboxConfig: request.sandboxConfig ?? sandboxConfig(sandbox),
    });
  } catch (error) {
    await discard(context, id);
    throw error;
  }
  sendContainerEvent(context, id, 'CONTAINER_CREATED_EVENT');
  return { containerId: id };
}

/** Where the root file system of a container is mounted. */
export function rootfsOf(context: Context, id: string): string {
  return join(context.paths.bundle(id), 'rootfs');
}

async function requireImage(context: Context, config: ContainerConfig): Promise<ImageRecord> {
  const name = config.image?.image ?? '';
  const image = await context.images.find(name);
  if (!image) throw new CriError('NotFound', `failed to get image "${name}": image not found`);
  return image;
}

interface NewContainer {
  id: string;
  sandbox: SandboxRecord;
  config: ContainerConfig;
  image: ImageRecord;
  sandboxConfig: PodSandboxConfig;
}

async function writeContainer(context: Context, container: NewContainer): Promise<void> {
  const { id, sandbox, config, image } = container;
  const rootfs = rootfsOf(context, id);
  const user = await resolveUser(rootfs, image.config.config?.User ?? '', config.linux?.securityContext);
  const record = recordOf(context, container, user);
  const spec = await makeSpec({
    config,
    sandbox: container.sandboxConfig,
    image: image.config,
    user,
    machine: context.machine,
    rootfs,
    cgroupsPath: record.cgroupsPath,
    cgroupVersion: context.cgroups.version,
    namespaces: containerNamespaces(context, sandbox, config),
    sandboxFiles: sandboxFiles(context, sandbox),
  });
  await mkdir(context.paths.bundle(id), { recursive: true });
  await writeFile(specFile(context, id), JSON.stringify(spec));
  await context.containers.put(record);
}

/** The file that runc reads. */
export function specFile(context: Context, id: string): string {
  return join(context.paths.bundle(id), 'config.json');
}

function recordOf(
  context: Context,
  { id, sandbox, config, image, sandboxConfig }: NewContainer,
  user: ContainerUserIds,
): ContainerRecord {
  const fromPod = config.stopSignal === 'RUNTIME_DEFAULT' ? '' : config.stopSignal;
  return {
    id,
    sandboxId: sandbox.id,
    config: packContainerConfig(config),
    imageId: image.id,
    imageRef: image.digests[0] ?? image.id,
    layers: image.layers,
    logPath: config.logPath && sandboxConfig.logDirectory ? join(sandboxConfig.logDirectory, config.logPath) : '',
    cgroupsPath: `${sandbox.cgroupParent}/${id}`,
    user,
    stopSignal: fromPod || image.config.config?.StopSignal || 'SIGTERM',
    resources: LinuxContainerResources.of(config.linux?.resources),
    createdAtMs: context.clock.now(),
  };
}

/** Removes what was prepared of a container that will not be. */
async function discard(context: Context, id: string): Promise<void> {
  try {
    await context.snapshots.remove(id, rootfsOf(context, id));
    await rm(context.paths.bundle(id), { recursive: true, force: true });
    await context.containers.delete(id);
  } catch (error) {
    context.log.error({ error, container: id }, 'a container that failed cannot be cleared away');
  }
}
