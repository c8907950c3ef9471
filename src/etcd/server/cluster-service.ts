import { RpcError, type CallContext, type HandlersOf, type Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type * as rpc from '../rpc/index.ts';
import type { clusterService } from '../rpc/services.ts';
import { callerOf, type Parts } from './parts.ts';

type Answer<M> = Promise<Infer<M>>;

const alone = "etcdserver: this is Kedge's own engine, a cluster of one member; for more, use an etcd (docs/etcd.md)";

/** The members over gRPC: there is one, and stays one. */
export class ClusterHandlers implements HandlersOf<typeof clusterService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async memberList(): Answer<typeof rpc.MemberListResponse> {
    return this.#members();
  }

  /** Changes the addresses that the member says it has among members, which nobody asks it at. */
  async memberUpdate(
    { id, peerUrls }: Infer<typeof rpc.MemberUpdateRequest>,
    call: CallContext,
  ): Answer<typeof rpc.MemberUpdateResponse> {
    this.#checkAdmin(call);
    if (id !== this.#parts.identity.memberId) throw new EtcdError('ErrMemberNotFound');
    if (peerUrls.length === 0 || !peerUrls.every((url) => URL.canParse(url))) throw new EtcdError('ErrMemberBadURLs');
    await this.#parts.identity.setPeerUrls(peerUrls);
    return this.#members();
  }

  async memberAdd(_: unknown, call: CallContext): Answer<typeof rpc.MemberAddResponse> {
    return this.#refuse(call);
  }

  async memberRemove(
    { id }: Infer<typeof rpc.MemberRemoveRequest>,
    call: CallContext,
  ): Answer<typeof rpc.MemberRemoveResponse> {
    this.#checkAdmin(call);
    if (id !== this.#parts.identity.memberId) throw new EtcdError('ErrMemberNotFound');
    return this.#refuse(call);
  }

  async memberPromote(
    { id }: Infer<typeof rpc.MemberPromoteRequest>,
    call: CallContext,
  ): Answer<typeof rpc.MemberPromoteResponse> {
    this.#checkAdmin(call);
    throw new EtcdError(id === this.#parts.identity.memberId ? 'ErrMemberNotLearner' : 'ErrMemberNotFound');
  }

  #members(): Infer<typeof rpc.MemberListResponse> {
    const { identity } = this.#parts;
    return { header: identity.header(0), members: [identity.member] };
  }

  #refuse(call: CallContext): never {
    this.#checkAdmin(call);
    throw new RpcError('FailedPrecondition', alone);
  }

  #checkAdmin(call: CallContext): void {
    this.#parts.auth.checkAdmin(callerOf(this.#parts, call));
  }
}
