import { isRpcError, GrpcChannel, type ServiceOf } from '#wire';
import type { Clock } from '#base';
import { DecryptRequest, EncryptRequest, keyManagementService, StatusRequest } from './api.ts';
import type { EncryptResponse, StatusResponse } from './api.ts';
import type { SealedKey } from './encrypted-object.ts';

/** Calls a plugin over its socket (`kmsv2/grpc_service.go`). A plugin that is away is waited for, as long as a call may take. */
export class KmsClient {
  readonly #channel: GrpcChannel;
  readonly #service: ServiceOf<typeof keyManagementService>;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  /** `unix:///path` of the socket, or `unix:///@name` of an abstract one. */
  constructor({ endpoint, timeoutMs, clock }: { endpoint: string; timeoutMs: number; clock: Clock }) {
    this.#channel = new GrpcChannel({ address: addressOf(endpoint) });
    this.#service = this.#channel.of(keyManagementService, { waitForReady: true });
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  status(): Promise<StatusResponse> {
    return this.#call((signal) => this.#service.status(StatusRequest.of(), signal));
  }

  encrypt(uid: string, plaintext: Uint8Array): Promise<EncryptResponse> {
    return this.#call((signal) => this.#service.encrypt(EncryptRequest.of({ plaintext, uid }), signal));
  }

  async decrypt(uid: string, { encryptedDekSource, keyId, annotations }: SealedKey): Promise<Uint8Array> {
    const request = DecryptRequest.of({ ciphertext: encryptedDekSource, uid, keyId, annotations });
    return (await this.#call((signal) => this.#service.decrypt(request, signal))).plaintext;
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #call<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const reason = new DOMException('context deadline exceeded', 'TimeoutError');
    const timer = this.#clock.timer(this.#timeoutMs, () => late.abort(reason));
    try {
      return await call(late.signal);
    } catch (error) {
      if (!isRpcError(error)) throw error;
      // As gRPC's errors read in Go: these words stand in the API's errors.
      throw new Error(`rpc error: code = ${error.code} desc = ${error.message}`, { cause: error });
    } finally {
      timer.cancel();
    }
  }
}

function addressOf(endpoint: string): string {
  const path = endpoint.replace(/^unix:(\/\/[^/]*)?/, '');
  return path.startsWith('/@') ? `unix:\0${path.slice(2)}` : `unix:${path}`;
}
