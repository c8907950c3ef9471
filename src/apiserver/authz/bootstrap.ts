import { messageOf, type Logger } from '#base';
import { isEqualJson, type KubeObject } from '#machinery';
import { apiServerUser } from '../authn/users.ts';
import { findNow, untilNotOvertaken } from '../registry/overtaken.ts';
import type { RequestContext, Rest } from '../registry/rest.ts';
import { policyObjects, type PolicyObject } from './policy/objects.ts';
import { rulesWithAggregated } from './rbac.ts';

const plurals = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

export interface BootstrapParts {
  rest: (group: string, plural: string) => Rest;
  /** What else there is to write: the roles of parts that the API server does not know. */
  added: readonly PolicyObject[];
  log: Logger;
  signal: AbortSignal;
}

/**
 * Writes the default roles and bindings (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`). What is there already is
 * brought up to date as upstream's post-start hook does it: missing rules, subjects, labels are added and nothing is taken
 * away; an object whose `autoupdate` annotation was set to "false" is left alone.
 */
export async function bootstrapRoles(parts: BootstrapParts): Promise<void> {
  const context: RequestContext = {
    user: apiServerUser,
    signal: parts.signal,
    warn: () => undefined,
    userAgent: 'kube-apiserver',
    cause: { component: 'apiserver' },
  };
  const objects = withAggregatedRules([...policyObjects(), ...parts.added]);
  // All at once: the store commits them in one group.
  await Promise.all(objects.map((object) => ensure(object, context, parts)));
}

/** Fills in what a controller would gather, so that `kubectl describe clusterrole admin` tells the rules from the start. */
function withAggregatedRules(objects: readonly PolicyObject[]): KubeObject[] {
  const roles = objects.filter(({ kind }) => kind === 'ClusterRole');
  return objects.map((object) => {
    if (!object.aggregationRule) return object;
    return { ...object, rules: rulesWithAggregated(object, { clusterRoles: () => roles }) };
  });
}

async function ensure(wanted: KubeObject, context: RequestContext, { rest, log }: BootstrapParts): Promise<void> {
  const { kind, metadata } = wanted;
  const resource = rest('rbac.authorization.k8s.io', plurals[kind as keyof typeof plurals]);
  const { name = '', namespace = '' } = metadata;
  try {
    await untilNotOvertaken(async () => {
      const found = await findNow(resource, context, namespace, name);
      if (!found) return void (await resource.create(context, namespace, wanted));
      const merged = reconciled(found.object, wanted);
      if (merged) await resource.update(context, namespace, name, merged);
    });
  } catch (error) {
    log.error({ kind, namespace, name, error: messageOf(error) }, 'cannot write a default role');
    throw error;
  }
}

interface Policy extends KubeObject {
  rules?: readonly unknown[] | null;
  subjects?: readonly unknown[];
}

/** What must be written so that `found` has all that `wanted` asks for; undefined when it has. */
export function reconciled(found: Policy, wanted: Policy): Policy | undefined {
  const annotations = found.metadata.annotations ?? {};
  if (annotations['rbac.authorization.kubernetes.io/autoupdate'] === 'false') return undefined;
  const metadata = {
    ...found.metadata,
    labels: { ...wanted.metadata.labels, ...found.metadata.labels },
    annotations: { ...wanted.metadata.annotations, ...annotations },
  };
  const merged: Policy = { ...found, metadata };
  if (wanted.rules) merged.rules = withMissing(found.rules ?? [], wanted.rules);
  if (wanted.subjects && wanted.subjects.length > 0)
    merged.subjects = withMissing(found.subjects ?? [], wanted.subjects);
  return isEqualJson(merged, found) ? undefined : merged;
}

function withMissing(have: readonly unknown[], want: readonly unknown[]): unknown[] {
  return [...have, ...want.filter((one) => !have.some((other) => isEqualJson(one, other)))];
}
