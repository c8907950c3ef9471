import { RpcError } from '#wire';
import { EtcdError } from '../../errors.ts';
import type { BucketChange } from '../../member.ts';
import { enabledChange, userChange, type User } from './auth-buckets.ts';
import { root, type AuthStore } from './auth-store.ts';
import { hashPassword, isPassword } from './passwords.ts';

/** What one may do to users. All throw `EtcdError`. */
export class Users {
  readonly #auth: AuthStore;

  constructor(auth: AuthStore) {
    this.#auth = auth;
  }

  /** Adds a user; `noPassword` is one who shows a certificate. */
  async add(name: string, password: string, noPassword: boolean): Promise<void> {
    const hashed = noPassword ? new Uint8Array() : await hashPassword(password, this.#auth.bcryptCost);
    await this.#auth.change(() => {
      if (name === '') throw new EtcdError('ErrUserEmpty');
      if (this.#auth.users.has(name)) throw new EtcdError('ErrUserAlreadyExist');
      return [userChange({ name: Buffer.from(name), password: hashed, roles: [], options: { noPassword } })];
    });
  }

  async delete(name: string): Promise<void> {
    await this.#auth.change(() => {
      if (this.#auth.enabled && name === root) throw new EtcdError('ErrInvalidAuthMgmt');
      this.get(name);
      return [{ bucket: 'authUsers', key: name } satisfies BucketChange];
    });
    this.#auth.tokens.invalidate(name);
  }

  async changePassword(name: string, password: string): Promise<void> {
    const given = password === '' ? new Uint8Array() : await hashPassword(password, this.#auth.bcryptCost);
    await this.#auth.change(() => {
      const user = this.get(name);
      return [userChange({ ...user, password: user.options?.noPassword ? new Uint8Array() : given })];
    });
    this.#auth.tokens.invalidate(name);
  }

  /** Granting a role again does nothing. */
  grantRole(name: string, role: string): Promise<void> {
    return this.#auth.change(() => {
      const user = this.get(name);
      if (role !== root && !this.#auth.roles.has(role)) throw new EtcdError('ErrRoleNotFound');
      if (user.roles.includes(role)) return undefined;
      return [userChange({ ...user, roles: [...user.roles, role].toSorted() })];
    });
  }

  revokeRole(name: string, role: string): Promise<void> {
    return this.#auth.change(() => {
      if (this.#auth.enabled && name === root && role === root) throw new EtcdError('ErrInvalidAuthMgmt');
      const user = this.get(name);
      if (!user.roles.includes(role)) throw new EtcdError('ErrRoleNotGranted');
      return [userChange({ ...user, roles: user.roles.filter((other) => other !== role) })];
    });
  }

  get(name: string): User {
    const user = this.#auth.users.get(name);
    if (!user) throw new EtcdError('ErrUserNotFound');
    return user;
  }

  /** A token for who knows the password. Decides anew when users changed while the password was compared. */
  async authenticate(name: string, password: string): Promise<string> {
    for (;;) {
      if (!this.#auth.enabled) throw new EtcdError('ErrAuthNotEnabled');
      const user = this.#auth.users.get(name);
      if (!user) throw new EtcdError('ErrAuthFailed');
      // etcd has no code for it and sends its own words.
      if (user.options?.noPassword)
        throw new RpcError('Unknown', 'auth: authentication failed, password was given for no password user');
      const { revision } = this.#auth;
      if (!(await isPassword(password, user.password))) throw new EtcdError('ErrAuthFailed');
      if (revision === this.#auth.revision) return this.#auth.tokens.assign(name);
    }
  }

  /** Turns authentication on; needs a user root that has the role root. */
  enable(): Promise<void> {
    return this.#auth.change(
      () => {
        if (this.#auth.enabled) return undefined;
        if (!this.#auth.users.has(root)) throw new EtcdError('ErrRootUserNotExist');
        if (!this.#auth.hasRole(root, root)) throw new EtcdError('ErrRootRoleNotExist');
        return [enabledChange(true)];
      },
      { counts: false },
    );
  }

  async disable(): Promise<void> {
    await this.#auth.change(() => (this.#auth.enabled ? [enabledChange(false)] : undefined));
    this.#auth.tokens.clear();
  }
}
