import type { Socket } from 'node:net';
import type { Clock, Logger, Random } from '#base';
import { GrpcServer, handle, healthService, RpcError, type ListenAddress, type ServerTls } from '#wire';
import { EtcdError } from '../errors.ts';
import type { Member } from '../member.ts';
import {
  authService,
  clusterService,
  kvService,
  leaseService,
  maintenanceService,
  watchService,
} from '../rpc/services.ts';
import { AuthHandlers } from './auth-service.ts';
import { AuthStore } from './auth/auth-store.ts';
import { ClusterHandlers } from './cluster-service.ts';
import { healthHandlers } from './health-service.ts';
import { etcdHttp } from './http.ts';
import { Identity } from './identity.ts';
import { KvHandlers } from './kv-service.ts';
import { LeaseHandlers } from './lease-service.ts';
import { MaintenanceHandlers } from './maintenance-service.ts';
import { grpcOverheadBytes, type Limits, type Parts } from './parts.ts';
import { WatchHandlers } from './watch-service.ts';

export interface EtcdServerOptions {
  member: Member;
  clock: Clock;
  random: Random;
  log: Logger;
  /** The name of the member. */
  name?: string;
  /** Where clients are told to reach the member. */
  clientUrls?: readonly string[];
  peerUrls?: readonly string[];
  clusterToken?: string;
  /** The common name of a client's certificate is its user. */
  clientCertAuth?: boolean;
  /** How long a token lasts that is not used. */
  authTokenTtlSeconds?: number;
  /** What a hash of a password costs: 2 to this power rounds. */
  bcryptCost?: number;
  limits?: Partial<Limits>;
}

/** etcd's own limits. */
const defaultLimits: Limits = {
  maxTxnOps: 128,
  maxRequestBytes: 1.5 * 1024 * 1024,
  progressNotifyMs: 10 * 60 * 1000,
};

/** Serves a member in etcd's protocol: on addresses that it listens on, and on connections that it is handed. */
export class EtcdServer {
  readonly #grpc: GrpcServer;
  /** Answers over plain HTTP only. */
  readonly #metrics: GrpcServer;

  private constructor(parts: Parts) {
    this.#metrics = new GrpcServer({ services: [], http: etcdHttp(parts), clock: parts.clock, log: parts.log });
    this.#grpc = new GrpcServer({
      services: [
        handle(kvService, new KvHandlers(parts)),
        handle(watchService, new WatchHandlers(parts)),
        handle(leaseService, new LeaseHandlers(parts)),
        handle(clusterService, new ClusterHandlers(parts)),
        handle(maintenanceService, new MaintenanceHandlers(parts)),
        handle(authService, new AuthHandlers(parts)),
        handle(healthService, healthHandlers),
      ],
      maxMessageLength: parts.limits.maxRequestBytes + grpcOverheadBytes,
      toRpcError: (error) =>
        error instanceof EtcdError ? new RpcError(error.rpcCode, error.message, { cause: error }) : error,
      http: etcdHttp(parts),
      clock: parts.clock,
      log: parts.log,
    });
  }

  /** Reads users and roles, and who the member is. */
  static async open(options: EtcdServerOptions): Promise<EtcdServer> {
    const { member, clock, random, log, clientCertAuth = false } = options;
    const { buckets } = member;
    const identity = await Identity.open(buckets, {
      name: options.name ?? 'default',
      peerUrls: options.peerUrls ?? ['http://localhost:2380'],
      clientUrls: options.clientUrls ?? [],
      clusterToken: options.clusterToken ?? 'etcd-cluster',
    });
    const { authTokenTtlSeconds: tokenTtlSeconds = 300, bcryptCost = 10 } = options;
    const auth = await AuthStore.open({ buckets, clock, random, log, tokenTtlSeconds, bcryptCost });
    const limits = { ...defaultLimits, ...options.limits };
    return new EtcdServer({ member, identity, auth, limits, clientCertAuth, clock, random, log });
  }

  /** Takes clients at an address; returns the port. Throws when the address cannot be had. */
  listen(address: ListenAddress, tls?: ServerTls): Promise<number> {
    return this.#grpc.listen(address, tls);
  }

  /** Serves health and metrics alone at an address, for those who are no clients; returns the port. */
  listenForMetrics(address: ListenAddress, tls?: ServerTls): Promise<number> {
    return this.#metrics.listen(address, tls);
  }

  /** Serves a client that is connected already. */
  accept(socket: Socket): void {
    this.#grpc.accept(socket);
  }

  /** Ends streams, waits a little for other calls, and closes all connections. The member stays open. */
  async close(): Promise<void> {
    await Promise.all([this.#grpc.close(), this.#metrics.close()]);
  }
}
