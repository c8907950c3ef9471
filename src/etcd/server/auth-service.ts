import type { CallContext, HandlersOf, Infer } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { authService } from '../rpc/services.ts';
import { Roles } from './auth/roles.ts';
import { Users } from './auth/users.ts';
import type { Caller } from './auth/auth-store.ts';
import type { Header } from './identity.ts';
import { callerOf, headerNow, type Parts } from './parts.ts';

type Request<M> = Infer<M>;
type Answer<M> = Promise<Infer<M>>;
/** What most answers are: that it is done. */
type Done = Promise<{ header?: Header }>;

/** Users and roles over gRPC. But for asking for a token, and for what is one's own, one must be root. */
export class AuthHandlers implements HandlersOf<typeof authService> {
  readonly #parts: Parts;
  readonly #users: Users;
  readonly #roles: Roles;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#users = new Users(parts.auth);
    this.#roles = new Roles(parts.auth);
  }

  async authEnable(_: unknown, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.enable());
  }

  async authDisable(_: unknown, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.disable());
  }

  async authStatus(_: unknown, call: CallContext): Answer<typeof rpc.AuthStatusResponse> {
    const { header } = await this.#asAdmin(call);
    const { enabled, revision } = this.#parts.auth;
    return { ...(header && { header }), enabled, authRevision: revision };
  }

  async authenticate({
    name,
    password,
  }: Request<typeof rpc.AuthenticateRequest>): Answer<typeof rpc.AuthenticateResponse> {
    const token = await this.#users.authenticate(name, password);
    return { header: headerNow(this.#parts), token };
  }

  async userAdd({ name, password, options }: Request<typeof rpc.AuthUserAddRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.add(name, password, options?.noPassword ?? false));
  }

  async userGet(
    { name }: Request<typeof rpc.AuthUserGetRequest>,
    call: CallContext,
  ): Answer<typeof rpc.AuthUserGetResponse> {
    const caller = this.#caller(call);
    if (caller?.username !== name) this.#parts.auth.checkAdmin(caller);
    return { header: headerNow(this.#parts), roles: this.#users.get(name).roles };
  }

  async userList(_: unknown, call: CallContext): Answer<typeof rpc.AuthUserListResponse> {
    return { ...(await this.#asAdmin(call)), users: [...this.#parts.auth.users.keys()] };
  }

  async userDelete({ name }: Request<typeof rpc.AuthUserDeleteRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.delete(name));
  }

  async userChangePassword(
    { name, password }: Request<typeof rpc.AuthUserChangePasswordRequest>,
    call: CallContext,
  ): Done {
    return this.#asAdmin(call, () => this.#users.changePassword(name, password));
  }

  async userGrantRole({ user, role }: Request<typeof rpc.AuthUserGrantRoleRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.grantRole(user, role));
  }

  async userRevokeRole({ name, role }: Request<typeof rpc.AuthUserRevokeRoleRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#users.revokeRole(name, role));
  }

  async roleAdd({ name }: Request<typeof rpc.AuthRoleAddRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#roles.add(name));
  }

  async roleGet(
    { role }: Request<typeof rpc.AuthRoleGetRequest>,
    call: CallContext,
  ): Answer<typeof rpc.AuthRoleGetResponse> {
    const caller = this.#caller(call);
    const { auth } = this.#parts;
    if (!auth.hasRole(caller?.username ?? '', role)) auth.checkAdmin(caller);
    return { header: headerNow(this.#parts), perm: this.#roles.permissions(role) };
  }

  async roleList(_: unknown, call: CallContext): Answer<typeof rpc.AuthRoleListResponse> {
    return { ...(await this.#asAdmin(call)), roles: [...this.#parts.auth.roles.keys()] };
  }

  async roleDelete({ role }: Request<typeof rpc.AuthRoleDeleteRequest>, call: CallContext): Done {
    return this.#asAdmin(call, () => this.#roles.delete(role));
  }

  async roleGrantPermission(
    { name, perm }: Request<typeof rpc.AuthRoleGrantPermissionRequest>,
    call: CallContext,
  ): Done {
    return this.#asAdmin(call, () => this.#roles.grant(name, perm));
  }

  async roleRevokePermission(
    { role, key, rangeEnd }: Request<typeof rpc.AuthRoleRevokePermissionRequest>,
    call: CallContext,
  ): Done {
    return this.#asAdmin(call, () => this.#roles.revoke(role, { key, rangeEnd }));
  }

  async #asAdmin(call: CallContext, work?: () => Promise<void>): Done {
    this.#parts.auth.checkAdmin(this.#caller(call));
    await work?.();
    return { header: headerNow(this.#parts) };
  }

  #caller(call: CallContext): Caller | undefined {
    return callerOf(this.#parts, call);
  }
}
