import { createHash } from 'node:crypto';
import type { Infer } from '#wire';
import type { Buckets } from '../member.ts';
import type * as rpc from '../rpc/index.ts';

export type Header = Infer<typeof rpc.ResponseHeader>;
export type MemberMessage = Infer<typeof rpc.Member>;

/** A cluster of one has one election behind it. */
export const raftTerm = 2;
/** What clients find out about features by: what this server speaks, and the cluster and the data file with it. */
export const serverVersion = '3.6.8';
export const clusterVersion = '3.6.0';

/** The member as etcd keeps it, in JSON (`server/etcdserver/api/membership/member.go`). */
interface MemberRecord {
  id: number | string;
  peerURLs: string[];
  name: string;
  clientURLs?: string[];
}

export interface IdentityOptions {
  name: string;
  peerUrls: readonly string[];
  clientUrls: readonly string[];
  clusterToken: string;
}

/** Who this member is; its numbers come of its name on the network, as etcd's do, and stay when that changes. */
export class Identity {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly #buckets: Buckets;
  #peerUrls: readonly string[];

  private constructor(buckets: Buckets, options: IdentityOptions) {
    this.#buckets = buckets;
    const [known] = buckets.entries('members');
    const record = known ? (JSON.parse(Buffer.from(known[1]).toString()) as MemberRecord) : undefined;
    this.memberId = known
      ? BigInt(`0x${known[0]}`)
      : firstBytes(options.peerUrls.toSorted().join('') + options.clusterToken);
    this.clusterId = firstBytes(bigEndian(this.memberId));
    this.name = options.name;
    this.clientUrls = options.clientUrls;
    this.#peerUrls = record?.peerURLs ?? options.peerUrls;
  }

  /** Reads who the member was, and writes who it is. */
  static async open(buckets: Buckets, options: IdentityOptions): Promise<Identity> {
    const identity = new Identity(buckets, options);
    await identity.#save();
    return identity;
  }

  get member(): MemberMessage {
    const { memberId: id, name, clientUrls } = this;
    return { id, name, peerUrls: [...this.#peerUrls], clientUrls: [...clientUrls], isLearner: false };
  }

  async setPeerUrls(urls: readonly string[]): Promise<void> {
    this.#peerUrls = urls;
    await this.#save();
  }

  /** The header of an answer; revision 0 where etcd gives none. */
  header(revision: number): Header {
    return { clusterId: this.clusterId, memberId: this.memberId, revision, raftTerm };
  }

  async #save(): Promise<void> {
    // By hand: a number of 64 bits is none of JavaScript's.
    const { peerUrls: peerURLs, name, clientUrls: clientURLs } = this.member;
    const value = Buffer.from(`{"id":${this.memberId},${JSON.stringify({ peerURLs, name, clientURLs }).slice(1)}`);
    const key = this.memberId.toString(16);
    const known = this.#buckets.get('members', key);
    if (known && Buffer.compare(known, value) === 0) return;
    await this.#buckets.write([
      { bucket: 'members', key, value },
      { bucket: 'cluster', key: 'clusterVersion', value: Buffer.from(clusterVersion) },
    ]);
  }
}

/** The first 8 bytes of a SHA-1, which is how etcd makes the numbers of members and clusters. */
function firstBytes(content: string | Uint8Array): bigint {
  return createHash('sha1').update(content).digest().readBigUInt64BE();
}

function bigEndian(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(number);
  return bytes;
}
