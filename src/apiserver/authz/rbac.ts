import { selectorOf, type KubeMeta, type LabelSelectorLike } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';
import { noOpinion, type Attributes, type Authorizer, type Decision } from './attributes.ts';
import { ruleAllows, type PolicyRule } from './rules.ts';

export interface RoleObject {
  metadata: KubeMeta;
  rules?: readonly PolicyRule[] | null;
  aggregationRule?: { clusterRoleSelectors?: readonly LabelSelectorLike[] };
}

export interface Subject {
  kind: string;
  apiGroup?: string;
  name: string;
  namespace?: string;
}

export interface BindingObject {
  metadata: KubeMeta;
  roleRef: { apiGroup?: string; kind: string; name: string };
  subjects?: readonly Subject[];
}

/** Where the evaluator finds roles and bindings: the registry's watch, or a table in a test. */
export interface RoleSource {
  /** Another after every change of a role or binding. */
  readonly version: number;
  clusterRole(name: string): RoleObject | undefined;
  clusterRoles(): Iterable<RoleObject>;
  role(namespace: string, name: string): RoleObject | undefined;
  clusterRoleBindings(): Iterable<BindingObject>;
  roleBindings(namespace: string): Iterable<BindingObject>;
}

/** A rule that applies to the user, and why. */
interface Grant {
  rule: PolicyRule;
  reason: () => string;
}

/** What a user is granted, by namespace, under one version of roles and bindings. */
interface Granted {
  version: number;
  byNamespace: Map<string, readonly Grant[]>;
}

/** Namespaces of which one user's grants are remembered. */
const maxRemembered = 1000;

/** Role-based access control: a request is allowed when a rule of a role that is bound to the user allows it. */
export class RbacAuthorizer implements Authorizer {
  readonly #source: RoleSource;
  /** By the very user object, which a connection or a verified token has for as long as it lasts. */
  readonly #granted = new WeakMap<UserInfo, Granted>();

  constructor(source: RoleSource) {
    this.#source = source;
  }

  authorize(attributes: Attributes): Decision {
    for (const { rule, reason } of this.#grantsOf(attributes.user, attributes.namespace)) {
      if (ruleAllows(rule, attributes)) return { allowed: true, reason: reason() };
    }
    return noOpinion;
  }

  /** All rules that apply to `user` in `namespace`, for SelfSubjectRulesReview. */
  rulesFor(user: UserInfo, namespace: string): PolicyRule[] {
    return this.#grantsOf(user, namespace).map(({ rule }) => rule);
  }

  #grantsOf(user: UserInfo, namespace: string): readonly Grant[] {
    const { version } = this.#source;
    let granted = this.#granted.get(user);
    if (granted?.version !== version) this.#granted.set(user, (granted = { version, byNamespace: new Map() }));
    const { byNamespace } = granted;
    let grants = byNamespace.get(namespace);
    if (!grants) {
      grants = [...this.#grants(user, namespace)];
      if (byNamespace.size >= maxRemembered) byNamespace.clear();
      byNamespace.set(namespace, grants);
    }
    return grants;
  }

  *#grants(user: UserInfo, namespace: string): Generator<Grant> {
    for (const binding of this.#source.clusterRoleBindings()) {
      const subject = binding.subjects?.find((one) => appliesTo(one, user, ''));
      if (!subject) continue;
      const reason = (): string =>
        `RBAC: allowed by ClusterRoleBinding ${quote(binding.metadata.name)} ${describe(binding, subject)}`;
      for (const rule of this.rulesOf(binding.roleRef, '') ?? []) yield { rule, reason };
    }
    if (namespace === '') return;
    for (const binding of this.#source.roleBindings(namespace)) {
      const subject = binding.subjects?.find((one) => appliesTo(one, user, namespace));
      if (!subject) continue;
      const reason = (): string =>
        `RBAC: allowed by RoleBinding ${quote(`${binding.metadata.name}/${namespace}`)} ${describe(binding, subject)}`;
      for (const rule of this.rulesOf(binding.roleRef, namespace) ?? []) yield { rule, reason };
    }
  }

  /** The rules of the role that a binding in `namespace` refers to; undefined when there is no such role. */
  rulesOf(roleRef: BindingObject['roleRef'], namespace: string): readonly PolicyRule[] | undefined {
    if (roleRef.kind !== 'Role') {
      const role = this.#source.clusterRole(roleRef.name);
      return role && rulesWithAggregated(role, this.#source);
    }
    const role = this.#source.role(namespace, roleRef.name);
    return role && (role.rules ?? []);
  }
}

/**
 * The rules of a cluster role with those that its aggregation rule gathers. Upstream a controller writes the gathered
 * rules into the role; evaluating them here makes a new rule effective at once, whether or not that controller runs.
 */
export function rulesWithAggregated(role: RoleObject, source: Pick<RoleSource, 'clusterRoles'>): PolicyRule[] {
  const rules = [...(role.rules ?? [])];
  const seen = new Set([role]);
  const gather = (from: RoleObject): void => {
    for (const selector of from.aggregationRule?.clusterRoleSelectors ?? []) {
      const selected = selectorOf(selector);
      for (const other of source.clusterRoles()) {
        if (seen.has(other) || !selected.matches(other.metadata.labels)) continue;
        seen.add(other);
        rules.push(...(other.rules ?? []));
        gather(other);
      }
    }
  };
  gather(role);
  return rules;
}

function appliesTo(subject: Subject, user: UserInfo, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace || namespace}:${subject.name}`;
    default:
      return false;
  }
}

function describe({ roleRef }: BindingObject, subject: Subject): string {
  const name = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name;
  return `of ${roleRef.kind} ${quote(roleRef.name)} to ${subject.kind} ${quote(name)}`;
}

function quote(text: string | undefined): string {
  return JSON.stringify(text ?? '');
}
