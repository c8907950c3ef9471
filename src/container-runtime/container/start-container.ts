import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '#base';
import { CriError, type StartContainerRequest, type StartContainerResponse } from '#cri';
import { startConmon } from '../conmon/start-conmon.ts';
import type { Context } from '../context.ts';
import { sendContainerEvent } from '../status/send-event.ts';
import { stateOf } from '../status/container-status.ts';
import type { ContainerRecord } from '../store/records.ts';
import { containerConfig, requireContainer } from './container-config.ts';

/** What containerd says of a container whose program could not be started. */
const startErrorCode = 128;
const startErrorReason = 'StartError';

/** Starts a created container: its monitor creates it, the OCI runtime lets its program run. */
export async function startContainer(
  context: Context,
  request: StartContainerRequest,
): Promise<StartContainerResponse> {
  const { id } = requireContainer(context, request.containerId);
  await context.locks.run(`container/${id}`, () => start(context, requireContainer(context, id)));
  return {};
}

async function start(context: Context, record: ContainerRecord): Promise<void> {
  const { id } = record;
  if (stateOf(record) !== 'CONTAINER_CREATED')
    throw new CriError('Unknown', `container "${id}" is in ${stateOf(record)} state`);
  if (context.sandboxes.get(record.sandboxId)?.stopped ?? true)
    throw new CriError('Unknown', `sandbox container "${record.sandboxId}" is not running`);
  try {
    if (record.logPath) await mkdir(dirname(record.logPath), { recursive: true, mode: 0o755 });
    const pid = await monitor(context, record);
    const startedAtMs = context.clock.now(); // it may have ended before `runc start` returns
    await context.runc.start(id);
    await context.containers.update(id, { pid, startedAtMs });
  } catch (error) {
    await giveUp(context, id, error);
    throw new CriError('Unknown', `failed to start container "${id}": ${taskError(error)}`, { cause: error });
  }
  context.log.info({ container: id, name: containerConfig(record).metadata?.name }, 'container started');
  sendContainerEvent(context, id, 'CONTAINER_STARTED_EVENT');
}

function monitor(context: Context, record: ContainerRecord): Promise<number> {
  const config = containerConfig(record);
  return startConmon({
    conmon: context.conmon,
    runtime: context.runc.binary,
    runtimeRoot: context.runc.root,
    id: record.id,
    bundle: context.paths.bundle(record.id),
    exitDirectory: context.exits.directory,
    logPath: record.logPath,
    terminal: config.tty,
    stdin: config.stdin,
    stdinOnce: config.stdinOnce,
  });
}

/** As containerd words it; people and tools look for these words. */
function taskError(error: unknown): string {
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: ${messageOf(error)}: unknown`;
}

async function giveUp(context: Context, id: string, error: unknown): Promise<void> {
  const now = context.clock.now();
  await context.containers.update(id, {
    startedAtMs: now,
    finishedAtMs: now,
    exitCode: startErrorCode,
    reason: startErrorReason,
    message: taskError(error),
  });
  await context.runc
    .delete(id)
    .catch((cause: unknown) => context.log.warn({ error: cause, container: id }, 'runc delete'));
  sendContainerEvent(context, id, 'CONTAINER_STOPPED_EVENT');
}
