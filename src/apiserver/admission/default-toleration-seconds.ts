import type { Pod, Toleration } from '#api';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

const tolerationSeconds = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A pod stays for five minutes on a node that is not ready, unless it says otherwise (`defaulttolerationseconds`). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate({ operation, resource, subresource, object }: Attributes) {
    if (operation === 'DELETE' || resource.group !== '' || resource.plural !== 'pods' || subresource !== '') return;
    const { spec } = object as Pod;
    const tolerations = spec.tolerations ?? [];
    const missing = keys.filter((key) => !tolerations.some((one) => covers(one, key)));
    if (missing.length === 0) return;
    spec.tolerations = [...tolerations, ...missing.map((key) => toleration(key))];
  },
};

function covers({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute');
}

function toleration(key: string): Toleration {
  return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds };
}
