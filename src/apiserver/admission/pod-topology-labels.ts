import { nodes, pods, type Pod } from '#api';
import { isOf, type AdmissionPlugin, type Attributes, type Lookup } from './plugin.ts';

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** A pod that gets its node tells where that is (`plugin/pkg/admission/podtopologylabels`). */
export class PodTopologyLabels implements AdmissionPlugin {
  readonly name = 'PodTopologyLabels';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void {
    const isCreated = attributes.operation === 'CREATE' && isOf(attributes, pods);
    if (!isCreated && !isOf(attributes, pods, 'binding')) return;
    const { metadata, spec } = attributes.object as Pod;
    if (!spec.nodeName) return;
    const { labels = {} } = this.#lookup.cached(nodes, '', spec.nodeName)?.metadata ?? {};
    const found = topologyLabels.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]] as const]));
    if (found.length > 0) metadata.labels = { ...metadata.labels, ...Object.fromEntries(found) };
  }
}
