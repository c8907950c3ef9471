import { stat } from 'node:fs/promises';
import type { ReopenContainerLogRequest, ReopenContainerLogResponse } from '#cri';
import { reopenLogOf } from '../conmon/control.ts';
import type { Context } from '../context.ts';
import { requireRunning } from './container-config.ts';

const waitStepMs = 5;
const waitSteps = 200;

/** Opens the log anew after a rotation; on return the new file is there. */
export async function reopenContainerLog(
  context: Context,
  request: ReopenContainerLogRequest,
): Promise<ReopenContainerLogResponse> {
  const { id, logPath } = requireRunning(context, request.containerId);
  await reopenLogOf(context.paths.bundle(id));
  // the monitor answers by doing it; the kubelet counts on the file when it reads on
  for (let step = 0; step < waitSteps && !(await exists(logPath)); step++) await context.clock.sleep(waitStepMs);
  return {};
}

async function exists(path: string): Promise<boolean> {
  return (
    path === '' ||
    (await stat(path).then(
      () => true,
      () => false,
    ))
  );
}
