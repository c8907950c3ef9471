import { runAll, type Clock, type Component, type Logger } from '#base';
import { namespaceOf, type KubeObject } from '#machinery';
import type { Rest } from '../registry/rest.ts';
import { Mirror } from './mirror.ts';
import type { BindingObject, RoleObject, RoleSource } from './rbac.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

/** Roles and bindings as the registry has them now. */
export class RegistryRoles implements RoleSource, Component {
  readonly #clusterRoles: Mirror<KubeObject & RoleObject>;
  readonly #roles: Mirror<KubeObject & RoleObject>;
  readonly #clusterBindings: Mirror<KubeObject & BindingObject>;
  readonly #bindings: Mirror<KubeObject & BindingObject>;
  /** Bindings by namespace: a request looks at those of its own only. */
  readonly #bindingsIn = new Map<string, Set<BindingObject>>();
  #version = 0;

  constructor(options: { rest: (group: string, plural: string) => Rest; clock: Clock; log: Logger }) {
    const { clock, log } = options;
    const rest = (plural: string): Rest => options.rest(rbacGroup, plural);
    const changed = (): void => void this.#version++;
    this.#clusterRoles = new Mirror({ rest: rest('clusterroles'), clock, log, changed });
    this.#roles = new Mirror({ rest: rest('roles'), clock, log, changed });
    this.#clusterBindings = new Mirror({ rest: rest('clusterrolebindings'), clock, log, changed });
    this.#bindings = new Mirror({
      rest: rest('rolebindings'),
      clock,
      log,
      changed: (old, now) => {
        changed();
        this.#indexBinding(old, now);
      },
    });
  }

  get version(): number {
    return this.#version;
  }

  async synced(): Promise<void> {
    await Promise.all(this.#mirrors().map((mirror) => mirror.synced));
  }

  async run(signal: AbortSignal): Promise<void> {
    await runAll(this.#mirrors(), signal);
  }

  clusterRole(name: string): RoleObject | undefined {
    return this.#clusterRoles.get(name);
  }

  clusterRoles(): Iterable<RoleObject> {
    return this.#clusterRoles.values();
  }

  role(namespace: string, name: string): RoleObject | undefined {
    return this.#roles.get(`${namespace}/${name}`);
  }

  clusterRoleBindings(): Iterable<BindingObject> {
    return this.#clusterBindings.values();
  }

  roleBindings(namespace: string): Iterable<BindingObject> {
    return this.#bindingsIn.get(namespace) ?? [];
  }

  #mirrors(): Mirror[] {
    return [this.#clusterRoles, this.#roles, this.#clusterBindings, this.#bindings] as Mirror[];
  }

  #indexBinding(old: (KubeObject & BindingObject) | undefined, now: (KubeObject & BindingObject) | undefined): void {
    if (old) this.#bindingsIn.get(namespaceOf(old))?.delete(old);
    if (!now) return;
    const namespace = namespaceOf(now);
    const set = this.#bindingsIn.get(namespace) ?? new Set();
    this.#bindingsIn.set(namespace, set.add(now));
  }
}
