import type { Pod, PriorityClass } from '#api';
import { goOn } from './go-on.ts';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';

const priorityClasses = { group: 'scheduling.k8s.io', plural: 'priorityclasses' };

type Resolved = Pick<PriorityClass, 'value' | 'preemptionPolicy'>;

/** Turns a pod's priority class into the number that the scheduler compares (`plugin/pkg/admission/priority`). */
export class PriorityAdmission implements AdmissionPlugin {
  readonly name = 'Priority';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void | Promise<void> {
    const { operation, resource, subresource, object, old } = attributes;
    if (operation === 'DELETE' || resource.group !== '' || resource.plural !== 'pods' || subresource !== '') return;
    const { spec } = object as Pod;
    if (operation === 'UPDATE') {
      const { priority, preemptionPolicy } = (old as Pod).spec;
      if (priority !== undefined) spec.priority ??= priority;
      if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
      return;
    }
    return goOn(this.#resolve(attributes, spec), (resolved) => setPriority(spec, resolved, attributes));
  }

  validate(attributes: Attributes): void {
    const { operation, resource, subresource, object } = attributes;
    const { group, plural } = priorityClasses;
    if (operation === 'DELETE' || resource.group !== group || resource.plural !== plural || subresource !== '') return;
    if ((object as PriorityClass).globalDefault !== true) return;
    const name = this.#default()?.metadata.name;
    if (name === undefined || (operation === 'UPDATE' && name === object?.metadata.name)) return;
    throw refused(attributes, `PriorityClass ${name} is already marked as default. Only one default can exist`);
  }

  /** The class that the pod names, or is of by default. */
  #resolve(attributes: Attributes, spec: Pod['spec']): Resolved | Promise<Resolved> {
    const { priorityClassName: name } = spec;
    if (name) {
      const known = this.#lookup.cached(priorityClasses, '', name) ?? this.#lookup.read(priorityClasses, '', name);
      return goOn(known, (one) => {
        if (!one) throw refused(attributes, `no PriorityClass with name ${name} was found`);
        return one as PriorityClass;
      });
    }
    const byDefault = this.#default();
    if (byDefault?.metadata.name) spec.priorityClassName = byDefault.metadata.name;
    return byDefault ?? { value: 0, preemptionPolicy: 'PreemptLowerPriority' };
  }

  /** The default class; the least important, should there be several. */
  #default(): PriorityClass | undefined {
    const classes = this.#lookup.list(priorityClasses) as readonly PriorityClass[];
    return classes.filter((one) => one.globalDefault === true).sort((a, b) => a.value - b.value)[0];
  }
}

/** Nobody may be more important than their class. */
function setPriority(spec: Pod['spec'], { value, preemptionPolicy: policy }: Resolved, attributes: Attributes): void {
  const told = 'priority admission controller computed';
  if (spec.priority !== undefined && spec.priority !== value) {
    const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; ${told} ${value} from the given PriorityClass name`;
    throw refused(attributes, why);
  }
  spec.priority = value;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    const why = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ${told} ${policy} from the given PriorityClass name`;
    throw refused(attributes, why);
  }
  spec.preemptionPolicy = policy;
}
