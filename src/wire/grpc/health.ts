import { enumeration, oneOf, message, string } from '../protobuf/fields.ts';
import type { EnumOf } from '../protobuf/types.ts';
import { GrpcChannel, type GrpcTarget } from './client.ts';
import { serverStream, service, unary } from './service.ts';

/** What a server says of itself, or of one of its services. */
export const ServingStatus = enumeration({ UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 });
export type ServingStatus = EnumOf<typeof ServingStatus>;

/** Asks for the health of a service; of the whole server, when the name is empty. */
export class HealthCheckRequest extends message({ service: string(1) }) {}
/** The answer. */
export class HealthCheckResponse extends message({ status: oneOf(1, ServingStatus) }) {}

/** The health protocol of gRPC (`grpc.health.v1`), which probes of pods speak. */
export const healthService = service('grpc.health.v1.Health', {
  /** Throws `NotFound` for a service that the server does not know. */
  check: unary('Check', HealthCheckRequest, HealthCheckResponse),
  /** The status, and each change of it. */
  watch: serverStream('Watch', HealthCheckRequest, HealthCheckResponse),
});

/** Asks once, over a connection of its own. Throws `RpcError`. */
export async function checkHealth(target: GrpcTarget, service = '', signal?: AbortSignal): Promise<ServingStatus> {
  const channel = new GrpcChannel(target);
  try {
    return (await channel.of(healthService).check({ service }, signal)).status;
  } finally {
    await channel.close();
  }
}
