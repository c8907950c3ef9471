import type { Container, Probe } from '#api';
import { messageOf } from '#base';
import type { RuntimeService } from '#cri';
import { expandWith } from '../env/expand.ts';
import { literalEnvironment } from '../env/literal-env.ts';
import { grpcProbe } from './grpc-probe.ts';
import { httpProbe, tcpProbe, type ProbeReport } from './http-probe.ts';
import { resolvePort } from './ports.ts';

export interface ProbeTarget {
  readonly probe: Probe;
  readonly container: Container;
  readonly containerId: string;
  readonly podIp: string;
}

/** Runs a probe once against a container. Never throws: what could not be tried is `unknown`. */
export type RunProbe = (target: ProbeTarget) => Promise<ProbeReport>;

const maxOutput = 10 * 1024;

/** The probes over the node's network and the runtime's exec. */
export function probeRunner(runtime: Pick<RuntimeService, 'execSync'>): RunProbe {
  return async (target) => {
    const timeoutMs = (target.probe.timeoutSeconds ?? 1) * 1000;
    try {
      return await runHandler(target, timeoutMs, runtime);
    } catch (error) {
      return { outcome: 'unknown', output: messageOf(error) };
    }
  };
}

async function runHandler(
  { probe, container, containerId, podIp }: ProbeTarget,
  timeoutMs: number,
  runtime: Pick<RuntimeService, 'execSync'>,
): Promise<ProbeReport> {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec) {
    const variables = literalEnvironment(container);
    const command = (exec.command ?? []).map((word) => expandWith(word, variables));
    return execProbe(command, containerId, timeoutMs, runtime);
  }
  if (httpGet) {
    const target = {
      scheme: httpGet.scheme === 'HTTPS' ? 'https' : 'http',
      host: httpGet.host || podIp,
      port: resolvePort(httpGet.port, container),
      path: httpGet.path ?? '/',
      headers: httpGet.httpHeaders ?? [],
    } as const;
    return httpProbe(target, timeoutMs);
  }
  if (tcpSocket) return tcpProbe(tcpSocket.host || podIp, resolvePort(tcpSocket.port, container), timeoutMs);
  if (grpc) return grpcProbe(podIp, grpc.port, grpc.service ?? '', timeoutMs);
  throw new Error(`missing probe handler for ${container.name}`);
}

async function execProbe(
  command: string[],
  containerId: string,
  timeoutMs: number,
  runtime: Pick<RuntimeService, 'execSync'>,
): Promise<ProbeReport> {
  try {
    const result = await runtime.execSync({ containerId, cmd: command, timeout: Math.ceil(timeoutMs / 1000) });
    const output = Buffer.concat([result.stdout, result.stderr]).subarray(0, maxOutput).toString();
    return { outcome: result.exitCode === 0 ? 'success' : 'failure', output };
  } catch (error) {
    const timedOut = /deadline.?exceeded|timed out|timeout/i.test(messageOf(error));
    if (!timedOut) throw error;
    const output = `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutMs / 1000}s`;
    return { outcome: 'failure', output };
  }
}
