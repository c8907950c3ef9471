import type { Pod } from '#api';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

/** The classes that every cluster has (`pkg/apis/scheduling`). */
const systemClasses = new Map([
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
]);

/** Turns a pod's priority class into the number that the scheduler compares (`plugin/pkg/admission/priority`). */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  mutate(attributes: Attributes) {
    const { operation, resource, subresource, object, old } = attributes;
    if (operation === 'DELETE' || resource.group !== '' || resource.plural !== 'pods' || subresource !== '') return;
    const { spec } = object as Pod;
    if (operation === 'UPDATE') {
      const { priority } = (old as Pod).spec;
      if (priority !== undefined) spec.priority ??= priority;
      return;
    }
    const name = spec.priorityClassName ?? '';
    const computed = name === '' ? 0 : systemClasses.get(name);
    if (computed === undefined) throw refused(attributes, `no PriorityClass with name ${name} was found`);
    if (spec.priority !== undefined && spec.priority !== computed) {
      const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
      throw refused(attributes, why);
    }
    spec.priority = computed;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
  },
};
