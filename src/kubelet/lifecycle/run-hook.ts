import type { Container, Pod } from '#api';
import { messageOf, type Clock } from '#base';
import type { RuntimeService } from '#cri';
import { httpProbe, tcpProbe } from '../probes/http-probe.ts';
import { resolvePort } from '../probes/ports.ts';

type Lifecycle = NonNullable<Container['lifecycle']>;
export type Hook = NonNullable<Lifecycle['preStop']>;

export interface HookTarget {
  readonly pod: Pod;
  readonly container: Container;
  readonly containerId: string;
  readonly podIp: string;
}

export interface HookRunner {
  readonly runtime: Pick<RuntimeService, 'execSync'>;
  readonly clock: Clock;
}

/** HTTP hooks have no deadline of their own but their caller's. */
const longMs = 24 * 3600 * 1000;

/**
 * Runs a postStart or preStop handler to its end, or until the signal aborts.
 * @throws Error when it fails, in the kubelet's words
 */
export async function runHook(hook: Hook, target: HookTarget, runner: HookRunner, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('the hook was given up'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    // A hook that hangs holds nobody: what it still does in the container ends with it.
    await Promise.race([runHandler(hook, target, runner, signal), promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function runHandler(hook: Hook, target: HookTarget, runner: HookRunner, signal: AbortSignal): Promise<void> {
  const { pod, container, containerId, podIp } = target;
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    const about = `Exec lifecycle hook ([${command.join(' ')}]) for Container "${container.name}" in Pod "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})" failed`;
    const result = await runner.runtime
      .execSync({ containerId, cmd: command, timeout: 0 }, signal)
      .catch((error: unknown) => {
        throw new Error(`${about} - error: ${messageOf(error)}, message: ""`, { cause: error });
      });
    if (result.exitCode !== 0) {
      const output = Buffer.concat([result.stdout, result.stderr]).toString();
      throw new Error(
        `${about} - error: command '${command.join(' ')}' exited with ${result.exitCode}: ${output}, message: ${JSON.stringify(output)}`,
      );
    }
  } else if (hook.httpGet) {
    const { scheme, host, port, path, httpHeaders } = hook.httpGet;
    const report = await httpProbe(
      {
        scheme: scheme === 'HTTPS' ? 'https' : 'http',
        host: host || podIp,
        port: resolvePort(port, container),
        path: path ?? '/',
        headers: httpHeaders ?? [],
      },
      longMs,
    );
    // Only the reaching counts, not what the server answers.
    if (report.outcome === 'failure' && !report.output.startsWith('HTTP probe failed')) throw new Error(report.output);
  } else if (hook.sleep) {
    await runner.clock.sleep(hook.sleep.seconds * 1000, signal);
  } else if (hook.tcpSocket) {
    const report = await tcpProbe(hook.tcpSocket.host || podIp, resolvePort(hook.tcpSocket.port, container), longMs);
    if (report.outcome === 'failure') throw new Error(report.output);
  }
}
