import { isRpcError, GrpcChannel, type ServiceOf } from '#wire';
import type { Clock } from '#base';
import type { EncryptionMetrics } from '../encryption-metrics.ts';
import { DecryptRequest, EncryptRequest, keyManagementService, StatusRequest } from './api.ts';
import type { EncryptResponse, StatusResponse } from './api.ts';
import type { SealedKey } from './encrypted-object.ts';

export interface KmsClientOptions {
  /** What the configuration calls the plugin. */
  provider: string;
  /** `unix:///path` of the socket, or `unix:///@name` of an abstract one. */
  endpoint: string;
  timeoutMs: number;
  clock: Clock;
  metrics: EncryptionMetrics;
}

const { methods } = keyManagementService;

/** Calls a plugin over its socket (`kmsv2/grpc_service.go`). A plugin that is away is waited for, as long as a call may take. */
export class KmsClient {
  readonly #channel: GrpcChannel;
  readonly #service: ServiceOf<typeof keyManagementService>;
  readonly #options: KmsClientOptions;

  constructor(options: KmsClientOptions) {
    this.#options = options;
    this.#channel = new GrpcChannel({ address: addressOf(options.endpoint) });
    this.#service = this.#channel.of(keyManagementService, { waitForReady: true });
  }

  status(): Promise<StatusResponse> {
    return this.#call('status', (signal) => this.#service.status(StatusRequest.of(), signal));
  }

  encrypt(uid: string, plaintext: Uint8Array): Promise<EncryptResponse> {
    return this.#call('encrypt', (signal) => this.#service.encrypt(EncryptRequest.of({ plaintext, uid }), signal));
  }

  async decrypt(uid: string, { encryptedDekSource, keyId, annotations }: SealedKey): Promise<Uint8Array> {
    const request = DecryptRequest.of({ ciphertext: encryptedDekSource, uid, keyId, annotations });
    return (await this.#call('decrypt', (signal) => this.#service.decrypt(request, signal))).plaintext;
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #call<T>(name: keyof typeof methods, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, timeoutMs, provider, metrics } = this.#options;
    const late = new AbortController();
    const reason = new DOMException('context deadline exceeded', 'TimeoutError');
    const timer = clock.timer(timeoutMs, () => late.abort(reason));
    const startMs = clock.elapsed();
    let code: string = 'OK';
    try {
      return await call(late.signal);
    } catch (error) {
      code = isRpcError(error) ? error.code : 'unknown-non-grpc';
      if (!isRpcError(error)) throw error;
      // As gRPC's errors read in Go: these words stand in the API's errors.
      throw new Error(`rpc error: code = ${error.code} desc = ${error.message}`, { cause: error });
    } finally {
      timer.cancel();
      const { name: service } = keyManagementService;
      metrics.called(provider, `/${service}/${methods[name].name}`, code, (clock.elapsed() - startMs) / 1000);
    }
  }
}

function addressOf(endpoint: string): string {
  const path = endpoint.replace(/^unix:(\/\/[^/]*)?/, '');
  return path.startsWith('/@') ? `unix:\0${path.slice(2)}` : `unix:${path}`;
}
