import type { CallContext, HandlersOf, Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type * as rpc from '../rpc/index.ts';
import type { leaseService } from '../rpc/services.ts';
import { callerOf, headerNow, type Parts } from './parts.ts';

type Answer<M> = Promise<Infer<M>>;

/** Leases over gRPC (`server/etcdserver/api/v3rpc/lease.go`). */
export class LeaseHandlers implements HandlersOf<typeof leaseService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async leaseGrant(
    { id, ttl }: Infer<typeof rpc.LeaseGrantRequest>,
    call: CallContext,
  ): Answer<typeof rpc.LeaseGrantResponse> {
    const { member, identity } = this.#parts;
    callerOf(this.#parts, call);
    const granted = await member.leaseGrant({ id, ttlSeconds: ttl });
    const header = identity.header(granted.header.revision);
    return { header, id: granted.id, ttl: granted.ttlSeconds, error: '' };
  }

  async leaseRevoke(
    { id }: Infer<typeof rpc.LeaseRevokeRequest>,
    call: CallContext,
  ): Answer<typeof rpc.LeaseRevokeResponse> {
    const { member, auth, identity } = this.#parts;
    const caller = callerOf(this.#parts, call);
    if (!auth.isAdmin(caller)) {
      for (const key of (await member.leaseTimeToLive(id)).keys) auth.checkWrite(caller, key);
    }
    const { header } = await member.leaseRevoke(id);
    return { header: identity.header(header.revision) };
  }

  async *leaseKeepAlive(
    requests: AsyncIterable<Infer<typeof rpc.LeaseKeepAliveRequest>>,
  ): AsyncGenerator<Infer<typeof rpc.LeaseKeepAliveResponse>> {
    for await (const { id } of requests) yield await this.#renew(id);
  }

  /** The keys of a lease are only told to who may read them. */
  async leaseTimeToLive(
    { id, keys: wantsKeys }: Infer<typeof rpc.LeaseTimeToLiveRequest>,
    call: CallContext,
  ): Answer<typeof rpc.LeaseTimeToLiveResponse> {
    const { member, auth } = this.#parts;
    const status = await member.leaseTimeToLive(id);
    if (wantsKeys && auth.enabled) {
      const caller = callerOf(this.#parts, call);
      if (!caller) throw new EtcdError('ErrUserEmpty');
      for (const key of status.keys) auth.checkRange(caller, key);
    }
    const { ttlSeconds: ttl, grantedTtlSeconds: grantedTtl, keys } = status;
    return { header: headerNow(this.#parts), id, ttl, grantedTtl, keys: wantsKeys ? keys : [] };
  }

  async leaseLeases(): Answer<typeof rpc.LeaseLeasesResponse> {
    const ids = await this.#parts.member.leases();
    return { header: headerNow(this.#parts), leases: ids.map((id) => ({ id })) };
  }

  /** The seconds that a lease has now; 0 tells that there is none. */
  async #renew(id: bigint): Answer<typeof rpc.LeaseKeepAliveResponse> {
    const { member, identity } = this.#parts;
    try {
      const { header, ttlSeconds } = await member.leaseKeepAlive(id);
      return { header: identity.header(header.revision), id, ttl: ttlSeconds };
    } catch (error) {
      if (!(error instanceof EtcdError) || error.code !== 'ErrLeaseNotFound') throw error;
      return { header: headerNow(this.#parts), id, ttl: 0 };
    }
  }
}
