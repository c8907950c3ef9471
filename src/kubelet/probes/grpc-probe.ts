import { checkHealth, isRpcError, type RpcError, type ServingStatus } from '#wire';
import type { ProbeReport } from './http-probe.ts';

/** Asks `grpc.health.v1.Health/Check` for a service; SERVING is success (upstream `pkg/probe/grpc/grpc.go`). */
export async function grpcProbe(host: string, port: number, service: string, timeoutMs: number): Promise<ProbeReport> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const target = { address, userAgent: 'kube-probe/1.36' };
  try {
    return reportOf(await checkHealth(target, service, AbortSignal.timeout(timeoutMs)));
  } catch (error) {
    if (!isRpcError(error)) throw error;
    return { outcome: 'failure', output: outputOf(error, address, timeoutMs) };
  }
}

function outputOf({ code, message }: RpcError, address: string, timeoutMs: number): string {
  if (code === 'Unimplemented')
    return `this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`;
  if (code === 'DeadlineExceeded' || code === 'Unavailable')
    return `timeout: failed to connect service "${address}" within ${timeoutMs / 1000}s: ${message}`;
  return `error: health rpc probe failed: ${message}`;
}

function reportOf(status: ServingStatus): ProbeReport {
  if (status === 'SERVING') return { outcome: 'success', output: 'service healthy' };
  return { outcome: 'failure', output: `service unhealthy (responded with "${status}")` };
}
