import { resource } from '#machinery';
import { Ingress } from './ingress.ts';
import { ingressColumns } from './ingress-columns.ts';
import { validateIngress, validateIngressStatus } from './ingress-validation.ts';
import { warnOfIngress } from './ingress-warnings.ts';

export const ingresses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: Ingress,
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateIngressStatus } },
  columns: ingressColumns,
  validate: validateIngress,
  warn: warnOfIngress,
});
