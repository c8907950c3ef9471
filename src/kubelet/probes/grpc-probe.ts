import type { ServiceError } from '@grpc/grpc-js';
import type { ProbeReport } from './http-probe.ts';

const statusNames = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** Asks `grpc.health.v1.Health/Check` for a service; SERVING is success. */
export async function grpcProbe(host: string, port: number, service: string, timeoutMs: number): Promise<ProbeReport> {
  const { Client, credentials, Metadata, status } = await import('@grpc/grpc-js'); // loaded by the first gRPC probe only
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const client = new Client(address, credentials.createInsecure());
  const { promise, resolve } = Promise.withResolvers<ProbeReport>();
  const options = { deadline: Date.now() + timeoutMs }; // the library's own clock
  const metadata = new Metadata();
  metadata.set('user-agent', 'kube-probe/1.36');
  const failed = (error: ServiceError): ProbeReport => {
    if (error.code === status.UNIMPLEMENTED) {
      const output = `this server does not implement the grpc health protocol (grpc.health.v1.Health): ${error.details}`;
      return { outcome: 'failure', output };
    }
    if (error.code === status.DEADLINE_EXCEEDED || error.code === status.UNAVAILABLE) {
      const output = `timeout: failed to connect service "${address}" within ${timeoutMs / 1000}s: ${error.details}`;
      return { outcome: 'failure', output };
    }
    return { outcome: 'failure', output: `error: health rpc probe failed: ${error.details}` };
  };
  client.makeUnaryRequest(
    '/grpc.health.v1.Health/Check',
    encodeRequest,
    decodeResponse,
    service,
    metadata,
    options,
    (error, answer) => {
      client.close();
      resolve(error ? failed(error) : reportOf(answer));
    },
  );
  return promise;
}

function reportOf(answer: number | undefined): ProbeReport {
  if (answer === 1) return { outcome: 'success', output: 'service healthy' };
  return { outcome: 'failure', output: `service unhealthy (responded with "${statusNames[answer ?? 0] ?? answer}")` };
}

/** HealthCheckRequest: one string, field 1. */
function encodeRequest(service: string): Buffer {
  const text = Buffer.from(service);
  return text.length === 0 ? text : Buffer.concat([Buffer.from([0x0a, text.length]), text]);
}

/** HealthCheckResponse: one enum, field 1; absent is 0. */
function decodeResponse(bytes: Buffer): number {
  return bytes[0] === 0x08 ? (bytes[1] ?? 0) : 0;
}
