import { CriError, type StopContainerRequest, type StopContainerResponse } from '#cri';
import type { Context } from '../context.ts';
import type { ContainerRecord } from '../store/records.ts';
import { handleExit, tellEnd, waitForEnd } from './handle-exit.ts';

/** How long a killed container may take to be gone before we look whether its monitor died instead. */
const killWaitMs = 5_000;
const killPatienceMs = 120_000;

/** Stops a container: its stop signal, and SIGKILL when the grace period is over. */
export async function stopContainer(
  context: Context,
  request: StopContainerRequest,
  signal?: AbortSignal,
): Promise<StopContainerResponse> {
  const record = context.containers.find(request.containerId);
  if (!record || record.finishedAtMs !== undefined) return {};
  if (record.startedAtMs === undefined) {
    await markNeverRan(context, record);
    return {};
  }
  const ended = waitForEnd(context, record.id);
  if (request.timeout > 0) {
    await context.runc.kill(record.id, record.stopSignal);
    if (await within(context, ended, request.timeout * 1000, signal)) return {};
  }
  context.log.debug({ container: record.id }, 'killing');
  await context.runc.kill(record.id, 'KILL');
  if (await within(context, ended, killWaitMs, signal)) return {};
  await recoverLostExit(context, record);
  if (!(await within(context, ended, killPatienceMs, signal)))
    throw new CriError('DeadlineExceeded', `container "${record.id}" does not die`);
  return {};
}

/** Whether the promise resolves in time. */
async function within(context: Context, promise: Promise<void>, ms: number, signal?: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  try {
    return await Promise.race([promise.then(() => true), context.clock.sleep(ms, either).then(() => false)]);
  } finally {
    over.abort();
  }
}

/** A container that was created and is stopped never runs; it is exited from now on. */
async function markNeverRan(context: Context, record: ContainerRecord): Promise<void> {
  const now = context.clock.now();
  await context.locks.run(`container/${record.id}`, async () => {
    const current = context.containers.get(record.id);
    if (current?.startedAtMs !== undefined) return;
    await context.containers.update(record.id, { startedAtMs: now, finishedAtMs: now, exitCode: 137, reason: 'Error' });
  });
  tellEnd(context, record.id);
}

/** When the monitor died first, nobody wrote the exit down. */
export async function recoverLostExit(context: Context, record: ContainerRecord): Promise<void> {
  const written = await context.exits.read(record.id);
  const state = written ? undefined : await context.runc.state(record.id);
  if (written) await handleExit(context, written);
  else if (!state || state.status === 'stopped')
    await handleExit(context, { id: record.id, code: 137, atMs: context.clock.now() });
}
