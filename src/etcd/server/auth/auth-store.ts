import { KeyedMutex, type Clock, type Logger, type Random } from '#base';
import { EtcdError } from '../../errors.ts';
import type { BucketChange, Buckets } from '../../member.ts';
import { enabledChange, readAuth, revisionChange, type AuthRecords } from './auth-buckets.ts';
import { RangePermissions } from './range-permissions.ts';
import { SimpleTokens } from './tokens.ts';

/** Who calls, and at which revision of users and roles that was found out. */
export interface Caller {
  username: string;
  /** 0: nobody said who they are. */
  revision: number;
}

export interface AuthStoreOptions {
  buckets: Buckets;
  clock: Clock;
  random: Random;
  log: Logger;
  tokenTtlSeconds: number;
  bcryptCost: number;
}

export const root = 'root';
/** A caller of whom nothing is known. */
const nobody: Caller = { username: '', revision: 0 };

/**
 * Users, roles, and who may do what (etcd's `server/auth/store.go`). What is on the disk is also in memory, where the
 * checks read it; a change is on the disk before it counts.
 */
export class AuthStore {
  readonly tokens: SimpleTokens;
  readonly bcryptCost: number;
  readonly #buckets: Buckets;
  readonly #log: Logger;
  readonly #mutex = new KeyedMutex();
  #records: AuthRecords;
  #permissions = new Map<string, RangePermissions>();

  private constructor(options: AuthStoreOptions) {
    this.#buckets = options.buckets;
    this.#log = options.log;
    this.bcryptCost = options.bcryptCost;
    this.tokens = new SimpleTokens({ ...options, ttlSeconds: options.tokenTtlSeconds });
    this.#records = readAuth(options.buckets);
  }

  /** Reads what is there; a store that never knew users begins at revision 1, as etcd's does. */
  static async open(options: AuthStoreOptions): Promise<AuthStore> {
    const store = new AuthStore(options);
    if (store.revision === 0) await options.buckets.write([revisionChange(1), enabledChange(false)]);
    store.#reload();
    return store;
  }

  get enabled(): boolean {
    return this.#records.enabled;
  }

  /** How often users and roles have changed. */
  get revision(): number {
    return this.#records.revision;
  }

  get users(): AuthRecords['users'] {
    return this.#records.users;
  }

  get roles(): AuthRecords['roles'] {
    return this.#records.roles;
  }

  /** Whether a user has a role. */
  hasRole(username: string, role: string): boolean {
    return this.users.get(username)?.roles.includes(role) ?? false;
  }

  /** Throws unless the caller may read the range. */
  checkRange(caller: Caller | undefined, key: Uint8Array, rangeEnd?: Uint8Array): void {
    this.#check('READ', caller, key, rangeEnd);
  }

  /** Throws unless the caller may write the key, or the range. */
  checkWrite(caller: Caller | undefined, key: Uint8Array, rangeEnd?: Uint8Array): void {
    this.#check('WRITE', caller, key, rangeEnd);
  }

  /** Throws unless the caller has the role root, where authentication is on. */
  checkAdmin(caller: Caller | undefined): void {
    if (!this.enabled) return;
    if (!caller?.username) throw new EtcdError('ErrUserEmpty');
    if (!this.users.has(caller.username)) throw new EtcdError('ErrUserNotFound');
    if (!this.hasRole(caller.username, root)) throw new EtcdError('ErrPermissionDenied');
  }

  /** As `checkAdmin`, without throwing. */
  isAdmin(caller: Caller | undefined): boolean {
    return !this.enabled || (caller !== undefined && this.hasRole(caller.username, root));
  }

  /**
   * One change after the other: `decide` says what to write, or undefined for nothing. Each counts as a revision, but
   * for turning authentication on, which etcd does not count.
   */
  change(decide: () => BucketChange[] | undefined, options: { counts?: boolean } = {}): Promise<void> {
    return this.#mutex.run('', async () => {
      const changes = decide();
      if (!changes) return;
      const { counts = true } = options;
      await this.#buckets.write(counts ? [...changes, revisionChange(this.revision + 1)] : changes);
      this.#reload();
      this.#log.info({ revision: this.revision, enabled: this.enabled }, 'users or roles changed');
    });
  }

  #check(type: 'READ' | 'WRITE', given: Caller | undefined, key: Uint8Array, rangeEnd?: Uint8Array): void {
    if (!this.enabled) return;
    const { username, revision } = given ?? nobody;
    if (revision === 0) throw new EtcdError('ErrUserEmpty');
    if (revision < this.revision) throw new EtcdError('ErrAuthOldRevision');
    if (!this.users.has(username)) throw new EtcdError('ErrPermissionDenied');
    if (this.hasRole(username, root)) return;
    if (!this.#permissions.get(username)?.allow(type, key, rangeEnd)) throw new EtcdError('ErrPermissionDenied');
  }

  #reload(): void {
    this.#records = readAuth(this.#buckets);
    const { users, roles } = this.#records;
    this.#permissions = new Map(Array.from(users, ([name, user]) => [name, new RangePermissions(user, roles)]));
  }
}
