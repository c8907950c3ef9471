import { HttpClient } from '../../testing/http-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import type { Encryption } from '../index.ts';
import type { SealedStore } from './sealed-store.ts';

/** One life of an API server over a store that outlives it, and its administrator. */
export class EncryptedServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly admin: HttpClient;

  private constructor(server: TestServer, admin: HttpClient) {
    this.server = server;
    this.admin = admin;
  }

  static async start({ store }: SealedStore, encryption: Encryption | undefined): Promise<EncryptedServer> {
    const server = await startTestServer({ store, ...(encryption && { encryption }) });
    const admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    return new EncryptedServer(server, admin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
