import { createHash } from 'node:crypto';
import { RpcError, type CallContext, type EnumOf, type HandlersOf, type Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type { Alarm } from '../member.ts';
import type * as rpc from '../rpc/index.ts';
import type { AlarmType } from '../rpc/index.ts';
import type { maintenanceService } from '../rpc/services.ts';
import { clusterVersion, raftTerm, serverVersion } from './identity.ts';
import { callerOf, headerNow, type Parts } from './parts.ts';

type Answer<M> = Promise<Infer<M>>;
type AlarmName = EnumOf<typeof AlarmType>;

const alarmNames = { noSpace: 'NOSPACE', corrupt: 'CORRUPT' } as const satisfies Record<Alarm, AlarmName>;
const alarms = { NOSPACE: 'noSpace', CORRUPT: 'corrupt', NONE: undefined } as const satisfies Record<
  AlarmName,
  Alarm | undefined
>;

/** What of a snapshot goes into one message, as upstream cuts it. */
const snapshotChunkBytes = 32 * 1024;

/** What looks after the member over gRPC (`server/etcdserver/api/v3rpc/maintenance.go`). Only alarms are for everyone. */
export class MaintenanceHandlers implements HandlersOf<typeof maintenanceService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async alarm(
    { action, memberId, alarm: name }: Infer<typeof rpc.AlarmRequest>,
    call: CallContext,
  ): Answer<typeof rpc.AlarmResponse> {
    callerOf(this.#parts, call);
    const alarm = alarms[name];
    const header = headerNow(this.#parts);
    if (action === 'GET') return { header, alarms: this.#alarms(name) };
    // An alarm of another member is none that we could raise or take back.
    if (!alarm || memberId !== this.#parts.identity.memberId) return { header, alarms: [] };
    const raised = this.#alarms(name);
    if (action === 'DEACTIVATE') {
      await this.#parts.member.disarmAlarm(alarm);
      return { header, alarms: raised };
    }
    await this.#parts.member.raiseAlarm(alarm);
    return { header, alarms: this.#alarms(name) };
  }

  async status(_: unknown, call: CallContext): Answer<typeof rpc.StatusResponse> {
    this.#checkAdmin(call);
    const { member, identity } = this.#parts;
    const { header, dbSizeBytes, dbSizeInUseBytes } = await member.status();
    return {
      header: identity.header(header.revision),
      version: serverVersion,
      dbSize: dbSizeBytes,
      leader: identity.memberId,
      // There is no log of Raft: each revision is one entry of what would be it.
      raftIndex: header.revision,
      raftTerm,
      raftAppliedIndex: header.revision,
      errors: member.alarms().map((alarm) => `memberID:${identity.memberId} alarm:${alarmNames[alarm]} `),
      dbSizeInUse: dbSizeInUseBytes,
      isLearner: false,
      storageVersion: clusterVersion,
      dbSizeQuota: member.quotaBytes,
      downgradeInfo: { enabled: false, targetVersion: '' },
    };
  }

  async defragment(_: unknown, call: CallContext): Answer<typeof rpc.DefragmentResponse> {
    this.#checkAdmin(call);
    await this.#parts.member.defragment();
    return {};
  }

  /** The hash over the whole data file; ours is over all that etcd's file would hold of keys. */
  async hash(_: unknown, call: CallContext): Answer<typeof rpc.HashResponse> {
    this.#checkAdmin(call);
    const { header, hash } = await this.#parts.member.hashKv();
    return { header: this.#parts.identity.header(header.revision), hash };
  }

  async hashKv({ revision }: Infer<typeof rpc.HashKVRequest>, call: CallContext): Answer<typeof rpc.HashKVResponse> {
    this.#checkAdmin(call);
    const { header, hash, compactRevision, hashRevision } = await this.#parts.member.hashKv(revision);
    return { header: this.#parts.identity.header(header.revision), hash, compactRevision, hashRevision };
  }

  /** The file in pieces, and then its SHA-256, which is no part of the sizes told. */
  async *snapshot(_: unknown, call: CallContext): AsyncGenerator<Infer<typeof rpc.SnapshotResponse>> {
    this.#checkAdmin(call);
    const { header: at, sizeBytes, chunks } = await this.#parts.member.snapshot();
    const header = this.#parts.identity.header(at.revision);
    const hash = createHash('sha256');
    let left = sizeBytes;
    for await (const chunk of chunks) {
      hash.update(chunk);
      for (let from = 0; from < chunk.length; from += snapshotChunkBytes) {
        const blob = chunk.subarray(from, from + snapshotChunkBytes);
        left -= blob.length;
        yield { header, remainingBytes: left, blob, version: clusterVersion };
      }
    }
    yield { header, remainingBytes: 0, blob: hash.digest(), version: clusterVersion };
  }

  /** The one member leads, and can give the lead to itself. */
  async moveLeader(
    { targetId }: Infer<typeof rpc.MoveLeaderRequest>,
    call: CallContext,
  ): Answer<typeof rpc.MoveLeaderResponse> {
    this.#checkAdmin(call);
    if (targetId !== this.#parts.identity.memberId) throw new EtcdError('ErrBadLeaderTransferee');
    return {};
  }

  /** Tells whether one could go back a minor version, as etcd does. To go back, restore a snapshot into an etcd. */
  async downgrade(
    { action, version }: Infer<typeof rpc.DowngradeRequest>,
    call: CallContext,
  ): Answer<typeof rpc.DowngradeResponse> {
    this.#checkAdmin(call);
    if (action !== 'CANCEL') checkDowngrade(version);
    if (action === 'ENABLE')
      throw new RpcError('FailedPrecondition', "etcdserver: Kedge's own engine has no older version (docs/etcd.md)");
    const [major, minor] = clusterVersion.split('.');
    return { header: headerNow(this.#parts), version: `${major}.${minor}` };
  }

  #alarms(name: AlarmName): { memberId: bigint; alarm: AlarmName }[] {
    const raised = this.#parts.member.alarms().map((alarm) => alarmNames[alarm]);
    return raised
      .filter((alarm) => name === 'NONE' || name === alarm)
      .map((alarm) => ({ memberId: this.#parts.identity.memberId, alarm }));
  }

  #checkAdmin(call: CallContext): void {
    this.#parts.auth.checkAdmin(callerOf(this.#parts, call));
  }
}

function checkDowngrade(target: string): void {
  const match = /^(\d+)\.(\d+)(\.\d+)?$/.exec(target);
  if (!match) throw new EtcdError('ErrWrongDowngradeVersionFormat');
  const [major, minor] = clusterVersion.split('.').map(Number);
  if (Number(match[1]) !== major || Number(match[2]) !== Number(minor) - 1)
    throw new EtcdError('ErrInvalidDowngradeTargetVersion');
}
