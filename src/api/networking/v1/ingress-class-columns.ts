import { ageColumn, nameColumn, type Column } from '#machinery';
import type { IngressClass } from './ingress-class.ts';

/** What `kubectl get ingressclasses` shows. */
export const ingressClassColumns: readonly Column<IngressClass>[] = [
  nameColumn,
  {
    name: 'Controller',
    type: 'string',
    description: 'Who serves the ingresses of the class.',
    cell: ({ spec }) => spec.controller ?? '',
  },
  {
    name: 'Parameters',
    type: 'string',
    description: 'An object with settings for the controller.',
    cell: formatParameters,
  },
  ageColumn,
];

function formatParameters({ spec: { parameters } }: IngressClass): string {
  if (!parameters) return '<none>';
  const { kind, apiGroup, name } = parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}
