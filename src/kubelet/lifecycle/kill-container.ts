import type { Container, Pod } from '#api';
import { messageOf, type Clock, type Logger } from '#base';
import { isCriError, type RuntimeService } from '#cri';
import type { EventRecorder } from '#client';
import { containerEvents } from '../pods/events.ts';
import { runHook } from './run-hook.ts';

export interface Killer {
  readonly runtime: Pick<RuntimeService, 'execSync' | 'stopContainer'>;
  readonly clock: Clock;
  readonly recorder: Pick<EventRecorder, 'event'>;
  readonly log: Logger;
}

export interface ContainerKill {
  readonly pod: Pod;
  readonly container: Container;
  readonly containerId: string;
  readonly podIp: string;
  readonly message: string;
  readonly graceSeconds: number;
  /** Resolves when it is this container's turn to be stopped (sidecars come last). */
  readonly turn?: Promise<void>;
  /** Aborts when the container must end sooner: the rest of the hook is not waited for. */
  readonly hurry?: AbortSignal;
}

/** A container has this long between SIGTERM and SIGKILL even when its hook has used up the grace period. */
const minimumGraceSeconds = 2;

/**
 * Ends a container: its preStop hook, its stop signal, SIGKILL when the grace period is over (`kuberuntime_container.go`
 * killContainer upstream). The hook's time counts.
 */
export async function killContainer(kill: ContainerKill, killer: Killer): Promise<void> {
  const { pod, container, containerId, graceSeconds } = kill;
  const events = containerEvents(killer.recorder, pod, container);
  events.normal('Killing', kill.message);
  const begunMs = killer.clock.elapsed();
  if (container.lifecycle?.preStop && graceSeconds > 0) await runPreStop(kill, killer);
  await kill.turn;
  const usedSeconds = Math.floor((killer.clock.elapsed() - begunMs) / 1000);
  const left = graceSeconds === 0 ? 0 : Math.max(minimumGraceSeconds, graceSeconds - usedSeconds);
  try {
    await killer.runtime.stopContainer({
      containerId,
      timeout: kill.hurry?.aborted ? Math.min(left, minimumGraceSeconds) : left,
    });
  } catch (error) {
    if (!isCriError(error, 'NotFound')) throw error;
  }
}

async function runPreStop(kill: ContainerKill, killer: Killer): Promise<void> {
  const { pod, container, containerId, podIp, graceSeconds, hurry } = kill;
  const hook = container.lifecycle?.preStop;
  if (!hook) return;
  const stop = new AbortController();
  const timer = killer.clock.timer(graceSeconds * 1000, () => stop.abort());
  const signal = hurry ? AbortSignal.any([stop.signal, hurry]) : stop.signal;
  try {
    await runHook(hook, { pod, container, containerId, podIp }, killer, signal);
  } catch (error) {
    if (signal.aborted) return;
    killer.log.warn({ pod: pod.metadata.name, container: container.name, error }, 'preStop hook failed');
    containerEvents(killer.recorder, pod, container).warning('FailedPreStopHook', 'PreStopHook failed');
    killer.log.debug({ message: messageOf(error) }, 'preStop hook said');
  } finally {
    timer.cancel();
  }
}
