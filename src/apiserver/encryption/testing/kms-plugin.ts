import { join } from 'node:path';
import { implement, serveGrpc, type GrpcServer, type ServiceOf } from '#wire';
import {
  DecryptResponse,
  EncryptResponse,
  keyManagementService,
  StatusResponse,
  type DecryptRequest,
  type EncryptRequest,
} from '../kms/api.ts';

/** A plugin of KMS v2 that says what a test wants. It seals by writing something before what it is given. */
export class TestPlugin implements ServiceOf<typeof keyManagementService>, AsyncDisposable {
  readonly socketPath: string;
  keyId = 'key-1';
  /** The id that `Encrypt` answers with, where it is another than `Status` tells. */
  encryptKeyId: string | undefined;
  healthz = 'ok';
  version = 'v2';
  /** What a sealed seed begins with. */
  prefix = 'sealed by the plugin:';
  annotations: Record<string, Uint8Array> = { 'local-kek.kms.example.com': Buffer.from('kek') };
  /** The calls that came. */
  readonly calls: string[] = [];
  readonly #waiting: { name: string; resolve: () => void }[] = [];
  #server: Pick<GrpcServer, 'close'> | undefined;

  constructor(directory: string) {
    this.socketPath = join(directory, 'kms.sock');
  }

  /** The plugin in a configuration. */
  get provider(): object {
    return { kms: { apiVersion: 'v2', name: 'vault', endpoint: `unix://${this.socketPath}`, timeout: '2s' } };
  }

  async start(): Promise<this> {
    const services = [implement(keyManagementService, this)];
    this.#server = await serveGrpc({ services, listen: { socketPath: this.socketPath } });
    return this;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async status(): Promise<StatusResponse> {
    this.#count('status');
    return StatusResponse.of({ version: this.version, healthz: this.healthz, keyId: this.keyId });
  }

  async encrypt({ plaintext }: EncryptRequest): Promise<EncryptResponse> {
    this.#count('encrypt');
    const keyId = this.encryptKeyId ?? this.keyId;
    return EncryptResponse.of({ ciphertext: this.#sealed(plaintext), keyId, annotations: this.annotations });
  }

  async decrypt({ ciphertext, keyId, annotations }: DecryptRequest): Promise<DecryptResponse> {
    this.#count(`decrypt ${keyId}`);
    const head = this.#sealed(new Uint8Array());
    const isSealed = head.equals(ciphertext.subarray(0, head.length));
    if (!isSealed || !annotations['local-kek.kms.example.com']) throw new Error('that is not mine');
    return DecryptResponse.of({ plaintext: ciphertext.subarray(head.length) });
  }

  /** Resolves when it has been called so the next time. */
  nextCall(name: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ name, resolve });
    return promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #count(call: string): void {
    this.calls.push(call);
    for (const { name, resolve } of this.#waiting) if (call === name) resolve();
  }

  #sealed(plaintext: Uint8Array): Buffer {
    return Buffer.concat([Buffer.from(this.prefix), plaintext]);
  }
}
