import { connect } from 'node:net';
import type { Clock } from '#base';

/** How often a port is tried at which nothing listens yet: no watch tells of another process. */
const everyMs = 25;
/** What a network drops is not answered at all, for minutes. */
const patienceMs = 2_000;

/** Resolves when something listens at a TCP port; rejects with the signal's reason when it aborts before. */
export async function untilListening(clock: Clock, host: string, port: number, signal: AbortSignal): Promise<void> {
  while (!(await isListening(host, port))) await clock.sleep(everyMs, signal);
}

/** Whether something accepts connections at a TCP port, within two seconds. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
    socket.setTimeout(patienceMs, () => end(false));
  });
}
