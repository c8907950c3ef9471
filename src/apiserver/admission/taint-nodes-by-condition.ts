import type { Node } from '#api';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

const key = 'node.kubernetes.io/not-ready';

/** A new node takes no pods before it has shown that it is ready (`plugin/pkg/admission/nodetaint`). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate({ operation, resource, subresource, object }: Attributes) {
    if (operation !== 'CREATE' || resource.group !== '' || resource.plural !== 'nodes' || subresource !== '') return;
    const { spec } = object as Node;
    const taints = spec.taints ?? [];
    if (taints.some((one) => one.key === key && one.effect === 'NoSchedule')) return;
    spec.taints = [...taints, { key, effect: 'NoSchedule' }];
  },
};
