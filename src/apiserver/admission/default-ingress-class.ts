import type { Ingress } from '#api';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';

const group = 'networking.k8s.io';
const isDefault = 'ingressclass.kubernetes.io/is-default-class';
const oldWay = 'kubernetes.io/ingress.class';

/** An Ingress that names no class gets the default one, where there is one (`plugin/pkg/admission/network`). */
export class DefaultIngressClass implements AdmissionPlugin {
  readonly name = 'DefaultIngressClass';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void {
    const { operation, resource, subresource } = attributes;
    if (operation !== 'CREATE' || resource.group !== group || resource.plural !== 'ingresses') return;
    if (subresource !== '') return;
    const { metadata, spec } = attributes.object as Ingress;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[oldWay] !== undefined) return;
    const classes = this.#lookup.list({ group, plural: 'ingressclasses' });
    const defaults = classes.filter((one) => one.metadata.annotations?.[isDefault] === 'true');
    if (defaults.length > 1) {
      const why = `${defaults.length} default IngressClasses were found, only 1 allowed`;
      throw refused(attributes, `Internal error occurred: ${why}`);
    }
    const name = defaults[0]?.metadata.name;
    if (name !== undefined) spec.ingressClassName = name;
  }
}
