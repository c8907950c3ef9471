import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Container, Pod } from '#api';
import { messageOf, randomUuid, type Clock, type Logger, type Random } from '#base';
import type { Mount, PodSandboxConfig, RuntimeService } from '#cri';
import { Mount as MountMessage } from '#cri';
import type { EventRecorder } from '#client';
import { containerEnvironment, type EnvContext } from '../env/container-env.ts';
import type { ImageManager, ReadyImage } from '../images/image-manager.ts';
import { killContainer } from '../lifecycle/kill-container.ts';
import { runHook } from '../lifecycle/run-hook.ts';
import type { NodeLimits } from '../runtime/linux-resources.ts';
import { containerConfig } from '../runtime/container-config.ts';
import { latestContainer, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import { verifyRunAsNonRoot } from '../runtime/security-context.ts';
import { containerMounts, terminationLogMount } from '../volumes/container-mounts.ts';
import type { VolumePaths } from '../volumes/volume-manager.ts';
import type { Backoff } from './backoff.ts';
import { containerHash } from './container-hash.ts';
import { ephemeralContainers, podLabel } from './containers.ts';
import { containerEvents } from './events.ts';
import { StartError } from './start-error.ts';
import { formatDuration } from '#machinery';
import type { Secret } from '#api';

/** What starting containers needs of the node. */
export interface Starter {
  readonly runtime: Pick<RuntimeService, 'createContainer' | 'startContainer' | 'execSync' | 'stopContainer'>;
  readonly images: ImageManager;
  readonly crashes: Backoff;
  readonly recorder: Pick<EventRecorder, 'event'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly limits: NodeLimits;
}

/** What starting a container needs of its pod. */
export interface StartContext {
  readonly pod: Pod;
  readonly status: PodRuntimeStatus;
  readonly sandboxId: string;
  readonly sandbox: PodSandboxConfig;
  readonly podIp: string;
  readonly env: EnvContext;
  readonly volumes: VolumePaths;
  readonly secrets: readonly Secret[];
  readonly podDirectory: string;
  /** Mounts that every container gets: /etc/hosts. */
  readonly hostsPath: string | undefined;
  readonly signal: AbortSignal;
}

/** The key of a container's crash back-off; a changed spec starts afresh. */
export function crashKey(pod: Pod, container: Container): string {
  return `${pod.metadata.uid}_${container.name}_${containerHash(container)}`;
}

/**
 * Starts a container: back-off, image, config, create, start, postStart hook.
 * @throws StartError with the reason that the container waits with
 */
export async function startContainer(container: Container, context: StartContext, starter: Starter): Promise<void> {
  const { pod } = context;
  const events = containerEvents(starter.recorder, pod, container);
  backOffFromCrashes(container, context, starter);
  const image = await ensureImage(container, context, starter);
  const config = await makeConfig(container, context, starter, image);
  await mkdir(dirname(join(context.sandbox.logDirectory, config.logPath)), { recursive: true });
  context.signal.throwIfAborted();
  const { containerId } = await starter.runtime
    .createContainer({ podSandboxId: context.sandboxId, config, sandboxConfig: context.sandbox })
    .catch((error: unknown) => {
      events.warning('Failed', `Error: ${messageOf(error)}`);
      throw new StartError('CreateContainerError', messageOf(error), { cause: error });
    });
  events.normal('Created', 'Container created');
  await starter.runtime.startContainer({ containerId }).catch((error: unknown) => {
    events.warning('Failed', `Error: ${messageOf(error)}`);
    throw new StartError('RunContainerError', messageOf(error), { cause: error });
  });
  events.normal('Started', 'Container started');
  await runPostStart(container, containerId, context, starter);
}

function backOffFromCrashes(container: Container, { pod, status }: StartContext, { crashes, recorder }: Starter): void {
  const last = latestContainer(status, container.name);
  if (last?.state !== 'exited') return;
  const key = crashKey(pod, container);
  if (crashes.remainingSince(key, last.finishedAtMs) > 0) {
    const label = podLabel(pod);
    const events = containerEvents(recorder, pod, container);
    events.warning('BackOff', `Back-off restarting failed container ${container.name} in pod ${label}`);
    const delay = formatDuration(crashes.delayOf(key));
    throw new StartError(
      'CrashLoopBackOff',
      `back-off ${delay} restarting failed container=${container.name} pod=${label}`,
    );
  }
  crashes.next(key, last.finishedAtMs);
}

async function ensureImage(container: Container, context: StartContext, starter: Starter): Promise<ReadyImage> {
  const { pod, secrets, sandbox, signal } = context;
  const events = containerEvents(starter.recorder, pod, container);
  try {
    return await starter.images.ensure({ pod, container, secrets, sandbox, events, signal });
  } catch (error) {
    if (error instanceof StartError) events.warning('Failed', `Error: ${error.reason}`);
    throw error;
  }
}

async function makeConfig(
  container: Container,
  context: StartContext,
  starter: Starter,
  { ref, image }: ReadyImage,
): Promise<ReturnType<typeof containerConfig>> {
  const { pod, status } = context;
  const last = latestContainer(status, container.name);
  const imageUser = { username: image?.username ?? '', ...(image?.uid && { uid: image.uid.value }) };
  try {
    verifyRunAsNonRoot(pod, container, imageUser);
    const environment = await containerEnvironment(container, context.env);
    return containerConfig(pod, container, {
      environment,
      mounts: await allMounts(container, context, starter, environment),
      restartCount: last ? last.restartCount + 1 : 0,
      imageRef: ref,
      imageUser,
      limits: starter.limits,
      targetId: targetOf(container, context),
    });
  } catch (error) {
    containerEvents(starter.recorder, pod, container).warning('Failed', `Error: ${messageOf(error)}`);
    throw new StartError('CreateContainerConfigError', messageOf(error), { cause: error });
  }
}

async function allMounts(
  container: Container,
  { pod, volumes, podDirectory, hostsPath }: StartContext,
  { random }: Starter,
  environment: ReadonlyMap<string, string>,
): Promise<Mount[]> {
  const mounts = await containerMounts(pod, container, { paths: volumes, environment });
  if (hostsPath && !mounts.some(({ containerPath }) => containerPath === '/etc/hosts')) {
    mounts.push(MountMessage.of({ containerPath: '/etc/hosts', hostPath: hostsPath }));
  }
  mounts.push(await terminationLogMount(podDirectory, container, randomUuid(random).slice(0, 8)));
  return mounts;
}

/** The container whose processes an ephemeral container asked to see. */
function targetOf(container: Container, { pod, status }: StartContext): string {
  const ephemeral = ephemeralContainers(pod).some(({ name }) => name === container.name);
  const target = ephemeral ? pod.spec.ephemeralContainers?.find(({ name }) => name === container.name) : undefined;
  if (!target?.targetContainerName) return '';
  const found = latestContainer(status, target.targetContainerName);
  if (!found) throw new Error(`unable to find target container ${target.targetContainerName}`);
  return found.id;
}

async function runPostStart(
  container: Container,
  containerId: string,
  { pod, podIp, signal }: StartContext,
  starter: Starter,
): Promise<void> {
  const hook = container.lifecycle?.postStart;
  if (!hook) return;
  try {
    await runHook(hook, { pod, container, containerId, podIp }, starter, signal);
  } catch (error) {
    if (signal.aborted) return; // the pod is ending, which kills the container by itself
    starter.log.warn({ pod: podLabel(pod), container: container.name, error }, 'postStart hook failed');
    containerEvents(starter.recorder, pod, container).warning('FailedPostStartHook', 'PostStartHook failed');
    const graceSeconds = pod.spec.terminationGracePeriodSeconds ?? 30;
    await killContainer({ pod, container, containerId, podIp, message: 'FailedPostStartHook', graceSeconds }, starter);
    throw new StartError('PostStartHookError', messageOf(error), { cause: error });
  }
}
