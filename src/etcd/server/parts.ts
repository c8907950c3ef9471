import type { Clock, Logger, Random } from '#base';
import type { CallContext } from '#wire';
import { EtcdError } from '../errors.ts';
import type { Member } from '../member.ts';
import type { AuthStore, Caller } from './auth/auth-store.ts';
import type { Header, Identity } from './identity.ts';

export interface Limits {
  /** Operations in a branch of a transaction. */
  maxTxnOps: number;
  /** Bytes of a write. */
  maxRequestBytes: number;
  /** How often a quiet watch that wants to hear so is told up to where it has been told. */
  progressNotifyMs: number;
}

/** What gRPC itself may add to a request (`server/config`, `grpcOverheadBytes`). */
export const grpcOverheadBytes = 512 * 1024;

/** What the services of one member share. */
export interface Parts {
  member: Member;
  identity: Identity;
  auth: AuthStore;
  limits: Limits;
  /** The common name of a client's certificate is its user. */
  clientCertAuth: boolean;
  clock: Clock;
  random: Random;
  log: Logger;
}

/**
 * Who calls: the user of the token, or of the certificate. Undefined when that is not said, or does not matter because
 * authentication is off. Throws `ErrInvalidAuthToken`.
 */
export function callerOf({ auth, clientCertAuth }: Parts, call: CallContext): Caller | undefined {
  if (!auth.enabled) return undefined;
  const token = call.metadata('token') ?? call.metadata('authorization');
  if (token !== undefined) {
    const username = auth.tokens.userOf(token);
    if (username === undefined) throw new EtcdError('ErrInvalidAuthToken');
    return { username, revision: auth.revision };
  }
  const username = clientCertAuth ? call.clientCommonName : undefined;
  return username === undefined ? undefined : { username, revision: auth.revision };
}

/** What was read under permissions that have changed since is not told. */
export function checkStillValid({ auth }: Parts, caller: Caller | undefined): void {
  if (caller && caller.revision !== auth.revision) throw new EtcdError('ErrAuthOldRevision');
}

/** A header at the store's present revision. */
export function headerNow({ member, identity }: Parts): Header {
  return identity.header(member.revision);
}
