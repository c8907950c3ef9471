import { forbidden, isEqualJson, type KubeObject } from '#machinery';
import type { AdmissionPlugin, Attributes as Write } from '../admission/plugin.ts';
import type { Authorizer } from './attributes.ts';
import { compacted, showRule, uncovered } from './covers.ts';
import type { BindingObject, RbacAuthorizer, RoleObject } from './rbac.ts';
import type { PolicyRule } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/**
 * Nobody grants what they do not hold (`policybased` storage of `pkg/registry/rbac`): who writes a role needs its rules or the verb
 * `escalate`; who binds one needs its rules or the verb `bind`.
 */
export class EscalationCheck implements AdmissionPlugin {
  readonly name = 'RBACEscalation';
  readonly #authorizer: () => Authorizer;
  readonly #rbac: () => RbacAuthorizer;

  /** The authorizers are asked for when they are needed: they read the registry that this plugin is part of. */
  constructor(access: () => { authorizer: Authorizer; rbac: RbacAuthorizer }) {
    this.#authorizer = () => access().authorizer;
    this.#rbac = () => access().rbac;
  }

  validate(write: Write): void {
    const { object, old, operation, resource, user } = write;
    if (resource.group !== group || operation === 'DELETE' || !object || user.groups.includes('system:masters')) return;
    // What the decoder made of a role or binding has their fields.
    if (resource.plural.endsWith('bindings')) {
      this.#judgeBinding(write, object as KubeObject & BindingObject, old as (KubeObject & BindingObject) | undefined);
    } else this.#judgeRole(write, object, old);
  }

  #judgeRole(write: Write, role: RoleObject, old: RoleObject | undefined): void {
    const same =
      old && isEqualJson(old.rules ?? [], role.rules ?? []) && isEqualJson(old.aggregationRule, role.aggregationRule);
    if (same || this.#may(write, 'escalate', write.resource.plural, write.namespace, write.name)) return;
    const rules = role.rules ?? [];
    if (role.aggregationRule) {
      const all: PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
      if (this.#missing(write, all).length > 0) {
        throw forbidden(write.resource, write.name, 'must have cluster-admin privileges to use an aggregationRule');
      }
    }
    this.#mustHold(write, rules);
  }

  #judgeBinding(write: Write, binding: BindingObject, old: BindingObject | undefined): void {
    const { roleRef, subjects } = binding;
    if (old && isEqualJson(old.roleRef, roleRef) && isEqualJson(old.subjects ?? [], subjects ?? [])) return;
    const inNamespace = roleRef.kind === 'Role';
    const plural = inNamespace ? 'roles' : 'clusterroles';
    if (this.#may(write, 'bind', plural, write.namespace, roleRef.name)) return;
    const rules = this.#rbac().rulesOf(roleRef, write.namespace);
    if (!rules)
      throw forbidden({ group, plural }, roleRef.name, `${plural}.${group} ${JSON.stringify(roleRef.name)} not found`);
    this.#mustHold(write, rules);
  }

  #may({ user }: Write, verb: string, resource: string, namespace: string, name: string): boolean {
    const place = { group, version: 'v1', resource, subresource: '', namespace, name, path: '' };
    return this.#authorizer().authorize({ user, verb, isResourceRequest: true, ...place }).allowed;
  }

  #missing({ user, namespace }: Write, rules: readonly PolicyRule[]): PolicyRule[] {
    return uncovered(this.#rbac().rulesFor(user, namespace), rules);
  }

  #mustHold(write: Write, rules: readonly PolicyRule[]): void {
    const missing = this.#missing(write, rules);
    if (missing.length === 0) return;
    const { name, groups } = write.user;
    const who = `user ${JSON.stringify(name)} (groups=[${groups.map((one) => JSON.stringify(one)).join(' ')}])`;
    const list = compacted(missing).map(showRule).join('\n');
    throw forbidden(
      write.resource,
      write.name,
      `${who} is attempting to grant RBAC permissions not currently held:\n${list}`,
    );
  }
}
