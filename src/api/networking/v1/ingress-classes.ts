import { resource } from '#machinery';
import { IngressClass } from './ingress-class.ts';
import { ingressClassColumns } from './ingress-class-columns.ts';
import { setIngressClassDefaults } from './ingress-class-defaults.ts';
import { validateIngressClass } from './ingress-class-validation.ts';

export const ingressClasses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: IngressClass,
  plural: 'ingressclasses',
  namespaced: false,
  columns: ingressClassColumns,
  setDefaults: setIngressClassDefaults,
  validate: validateIngressClass,
});
