import { ageColumn, nameColumn, type Column, type HasMeta } from '#machinery';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import type { MutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding.ts';
import type { MutatingAdmissionPolicy } from './mutating-admission-policy.ts';
import type { ParamKind, ParamRef } from './params.ts';
import type { ValidatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
import type { ValidatingAdmissionPolicy } from './validating-admission-policy.ts';

/** What `kubectl get` shows of webhook configurations. */
export const webhookColumns: readonly Column<HasMeta & { webhooks?: unknown[] }>[] = [
  nameColumn,
  {
    name: 'Webhooks',
    type: 'integer',
    description: 'How many webhooks it has.',
    cell: ({ webhooks = [] }) => webhooks.length,
  },
  ageColumn,
];

const paramKindColumn: Column<{ spec: { paramKind?: ParamKind } }> = {
  name: 'ParamKind',
  type: 'string',
  description: 'The kind of the objects that give it parameters.',
  cell: ({ spec: { paramKind } }) => (paramKind ? `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}` : '<unset>'),
};

/** What `kubectl get validatingadmissionpolicies` shows. */
export const validatingAdmissionPolicyColumns: readonly Column<ValidatingAdmissionPolicy>[] = [
  nameColumn,
  {
    name: 'Validations',
    type: 'integer',
    description: 'How many rules it has.',
    cell: ({ spec }) => spec.validations?.length ?? 0,
  },
  paramKindColumn,
  ageColumn,
];

/** What `kubectl get mutatingadmissionpolicies` shows. */
export const mutatingAdmissionPolicyColumns: readonly Column<MutatingAdmissionPolicy>[] = [
  nameColumn,
  {
    name: 'Mutations',
    type: 'integer',
    description: 'How many changes it makes.',
    cell: ({ spec }) => spec.mutations?.length ?? 0,
  },
  paramKindColumn,
  ageColumn,
];

/** What `kubectl get` shows of bindings. */
export const policyBindingColumns: readonly Column<
  ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding
>[] = [
  nameColumn,
  {
    name: 'PolicyName',
    type: 'string',
    description: 'The policy that is put into effect.',
    cell: ({ spec }) => spec.policyName ?? '',
  },
  {
    name: 'ParamRef',
    type: 'string',
    description: 'The objects that give it parameters.',
    cell: ({ spec }) => formatParams(spec.paramRef),
  },
  ageColumn,
];

function formatParams(params: ParamRef | undefined): string {
  // Of an object without a namespace it cannot be told whether it lives in one.
  if (params?.name) return `${params.namespace || '*'}/${params.name}`;
  return params?.selector ? formatSelector(params.selector) : '<unset>';
}

/** As Go prints the struct. */
function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const parts = `MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},`;
  return `&LabelSelector{${parts}}`;
}
