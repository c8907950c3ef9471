import { EtcdError } from '../../errors.ts';
import { roleChange, userChange, type Role } from './auth-buckets.ts';
import { root, type AuthStore } from './auth-store.ts';
import { isValidPermissionRange } from './range-permissions.ts';

export type Permission = Role['keyPermission'][number];

/** The role root may everything, whatever stands in it. */
const rootPermission: Permission = { permType: 'READWRITE', key: new Uint8Array(), rangeEnd: Uint8Array.of(0) };

/** What one may do to roles. All throw `EtcdError`. */
export class Roles {
  readonly #auth: AuthStore;

  constructor(auth: AuthStore) {
    this.#auth = auth;
  }

  add(name: string): Promise<void> {
    return this.#auth.change(() => {
      if (name === '') throw new EtcdError('ErrRoleEmpty');
      if (this.#auth.roles.has(name)) throw new EtcdError('ErrRoleAlreadyExist');
      return [roleChange({ name: Buffer.from(name), keyPermission: [] })];
    });
  }

  /** Deletes a role, and takes it from who has it. */
  delete(name: string): Promise<void> {
    return this.#auth.change(() => {
      if (this.#auth.enabled && name === root) throw new EtcdError('ErrInvalidAuthMgmt');
      this.#get(name);
      const holders = [...this.#auth.users.values()].filter((user) => user.roles.includes(name));
      const without = holders.map((user) => ({ ...user, roles: user.roles.filter((role) => role !== name) }));
      return [{ bucket: 'authRoles', key: name }, ...without.map(userChange)];
    });
  }

  permissions(name: string): Permission[] {
    const role = this.#get(name);
    return name === root ? [rootPermission] : role.keyPermission;
  }

  /** Gives a permission, in place of one on the same range. */
  grant(name: string, permission: Permission | undefined): Promise<void> {
    return this.#auth.change(() => {
      if (!permission) throw new EtcdError('ErrPermissionNotGiven');
      if (!isValidPermissionRange(permission.key, permission.rangeEnd)) throw new EtcdError('ErrInvalidAuthMgmt');
      const role = this.#get(name);
      const others = role.keyPermission.filter((other) => !isSameRange(other, permission));
      const all = [...others, permission].toSorted((one, other) => Buffer.compare(one.key, other.key));
      return [roleChange({ ...role, keyPermission: all })];
    });
  }

  revoke(name: string, range: { key: Uint8Array; rangeEnd: Uint8Array }): Promise<void> {
    return this.#auth.change(() => {
      const role = this.#get(name);
      const kept = role.keyPermission.filter((permission) => !isSameRange(permission, range));
      if (kept.length === role.keyPermission.length) throw new EtcdError('ErrPermissionNotGranted');
      return [roleChange({ ...role, keyPermission: kept })];
    });
  }

  #get(name: string): Role {
    const role = this.#auth.roles.get(name);
    if (!role) throw new EtcdError('ErrRoleNotFound');
    return role;
  }
}

type Range = Pick<Permission, 'key' | 'rangeEnd'>;

function isSameRange(one: Range, other: Range): boolean {
  return Buffer.compare(one.key, other.key) === 0 && Buffer.compare(one.rangeEnd, other.rangeEnd) === 0;
}
