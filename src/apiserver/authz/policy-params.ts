import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '#api';
import { FieldErrors, FieldPath, invalid, isEqualJson, parseApiVersion, type Resource } from '#machinery';
import type { AdmissionPlugin, Attributes as Write, Lookup } from '../admission/index.ts';
import type { UserInfo } from '../registry/rest.ts';
import type { Authorizer } from './attributes.ts';

const group = 'admissionregistration.k8s.io';

interface Parts {
  /** Asked for when it is needed: it reads the registry that the plugin is part of. */
  readonly authorizer: () => Authorizer;
  readonly lookup: () => Lookup;
  readonly resources: readonly Resource[];
}

// Both kinds of policies, and both kinds of bindings, say alike where parameters come from.
type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

/**
 * Who makes a policy read parameters has to be allowed to read them: else the policy would tell what they hold
 * (`authz.go` of `pkg/registry/admissionregistration/validatingadmissionpolicy` and its siblings).
 */
export class PolicyParams implements AdmissionPlugin {
  readonly name = 'PolicyParams';
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  validate(write: Write): void {
    const { resource, subresource, operation, user } = write;
    if (resource.group !== group || subresource !== '' || operation === 'DELETE') return;
    if (user.groups.includes('system:masters')) return;
    if (resource.plural.endsWith('admissionpolicies')) this.#judgePolicy(write);
    else if (resource.plural.endsWith('admissionpolicybindings')) this.#judgeBinding(write);
  }

  #judgePolicy(write: Write): void {
    const { paramKind } = (write.object as Policy).spec;
    if (!paramKind || isEqualJson(paramKind, (write.old as Policy | undefined)?.spec.paramKind)) return;
    if (this.#mayGet(write.user, paramKind, { name: '*', namespace: '*' })) return;
    const { kind = '', apiVersion = '' } = paramKind;
    const why = `user ${show(write.user)} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`;
    throw forbiddenField(write, 'paramKind', why);
  }

  #judgeBinding(write: Write): void {
    const { spec } = write.object as Binding;
    const before = (write.old as Binding | undefined)?.spec;
    const { paramRef, policyName } = spec;
    if (!paramRef) return;
    if (isEqualJson(paramRef, before?.paramRef) && policyName === before?.policyName) return;
    const plural = write.resource.plural.replace(/policybindings$/, 'policies');
    const policy = this.#parts.lookup().cached({ group, plural }, '', policyName) as Policy | undefined;
    const { name = '', namespace = '' } = paramRef;
    if (this.#mayGet(write.user, policy?.spec.paramKind, { name, namespace })) return;
    const why = `user ${show(write.user)} does not have "get" permission on the object referenced by paramRef`;
    throw forbiddenField(write, 'paramRef', why);
  }

  /** A kind that nothing is known of may be any. */
  #mayGet(user: UserInfo, paramKind: Policy['spec']['paramKind'], where: { name: string; namespace: string }): boolean {
    const { apiVersion = '*', kind = '' } = paramKind ?? {};
    const parsed = apiVersion === '*' ? { group: '*', version: '*' } : parseApiVersion(apiVersion);
    const known = this.#parts.resources.find((one) => one.apiVersion === apiVersion && one.kindName === kind);
    const place = { ...parsed, resource: known?.plural ?? '*', subresource: '', path: '', ...where };
    return this.#parts.authorizer().authorize({ user, verb: 'get', isResourceRequest: true, ...place }).allowed;
  }
}

function forbiddenField({ resource, name }: Write, field: string, why: string): Error {
  const errors = new FieldErrors();
  errors.forbidden(FieldPath.of('spec', field), why);
  return invalid(resource, name, errors);
}

/** As Go prints the struct. */
function show({ name, uid = '', groups, extra = {} }: UserInfo): string {
  const entries = Object.entries(extra).map(([key, values]) => `${key}:[${values.join(' ')}]`);
  return `&{${name} ${uid} [${groups.join(' ')}] map[${entries.sort().join(' ')}]}`;
}
