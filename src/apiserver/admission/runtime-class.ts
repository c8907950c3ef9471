import { pods, type Pod, type RuntimeClass } from '#api';
import { isEqualJson } from '#machinery';
import { goOn } from './go-on.ts';
import { mergeTolerations } from './merge-tolerations.ts';
import { isOf, type AdmissionPlugin, type Attributes, type Lookup } from './plugin.ts';
import { refused } from './refused.ts';

const runtimeClasses = { group: 'node.k8s.io', plural: 'runtimeclasses' };
const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** A pod costs what its runtime costs, and goes where its runtime is (`plugin/pkg/admission/runtimeclass`). */
export class RuntimeClassAdmission implements AdmissionPlugin {
  readonly name = 'RuntimeClass';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void | Promise<void> {
    if (!isPodCreation(attributes)) return;
    const pod = attributes.object as Pod;
    return goOn(this.#classOf(pod, attributes), (runtimeClass) => {
      if (!runtimeClass) return;
      setOverhead(pod, runtimeClass, attributes);
      setScheduling(pod, runtimeClass, attributes);
    });
  }

  validate(attributes: Attributes): void | Promise<void> {
    if (!isPodCreation(attributes)) return;
    const pod = attributes.object as Pod;
    return goOn(this.#classOf(pod, attributes), (runtimeClass) => {
      const overhead = runtimeClass?.overhead;
      if (overhead) {
        if (!isEqualJson(overhead.podFixed ?? {}, pod.spec.overhead ?? {})) throw refused(attributes, mismatch);
      } else if (pod.spec.overhead) {
        throw refused(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
      }
    });
  }

  #classOf({ spec }: Pod, attributes: Attributes): RuntimeClass | undefined | Promise<RuntimeClass> {
    const { runtimeClassName: name } = spec;
    if (name === undefined) return undefined;
    const known = this.#lookup.cached(runtimeClasses, '', name) ?? this.#lookup.read(runtimeClasses, '', name);
    return goOn(known, (found) => {
      if (!found) throw refused(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
      return found as RuntimeClass;
    });
  }
}

function isPodCreation(attributes: Attributes): boolean {
  return attributes.operation === 'CREATE' && isOf(attributes, pods);
}

function setOverhead({ spec }: Pod, { overhead }: RuntimeClass, attributes: Attributes): void {
  if (!overhead?.podFixed) return;
  if (spec.overhead && !isEqualJson(overhead.podFixed, spec.overhead)) throw refused(attributes, mismatch);
  spec.overhead = { ...overhead.podFixed };
}

function setScheduling({ spec }: Pod, { scheduling }: RuntimeClass, attributes: Attributes): void {
  if (!scheduling) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const why = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw refused(attributes, why);
  }
  if (scheduling.nodeSelector) spec.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector };
  if (!scheduling.tolerations) return;
  spec.tolerations = mergeTolerations([...(spec.tolerations ?? []), ...structuredClone(scheduling.tolerations)]);
}
