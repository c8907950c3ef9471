import {
  amountsOf,
  persistentVolumeClaims,
  podAmounts,
  pods,
  type Container,
  type LimitRange,
  type LimitRangeItem,
  type PersistentVolumeClaim,
  type Pod,
} from '#api';
import { isOf, type AdmissionPlugin, type Attributes, type Lookup } from '../plugin.ts';
import { refused } from '../refused.ts';
import { setContainerDefaults } from './defaults.ts';
import { claimProblems, problemsOf, type Usage } from './problems.ts';

const limitRanges = { group: '', plural: 'limitranges' };

/** Holds pods, containers and claims to the LimitRanges of their namespace (`plugin/pkg/admission/limitranger`). */
export class LimitRanger implements AdmissionPlugin {
  readonly name = 'LimitRanger';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void {
    if (attributes.operation !== 'CREATE' || !isOf(attributes, pods)) return;
    for (const range of this.#rangesIn(attributes.namespace)) setContainerDefaults(attributes.object as Pod, range);
  }

  validate(attributes: Attributes): void {
    if (attributes.operation === 'DELETE' || attributes.old?.metadata.deletionTimestamp !== undefined) return;
    const check = checkFor(attributes);
    if (!check) return;
    for (const { spec } of this.#rangesIn(attributes.namespace)) {
      const problems = [...new Set(spec.limits.flatMap(check))];
      if (problems.length === 1) throw refused(attributes, problems[0] ?? '');
      if (problems.length > 0) throw refused(attributes, `[${problems.join(', ')}]`);
    }
  }

  #rangesIn(namespace: string): readonly LimitRange[] {
    return this.#lookup.list(limitRanges, namespace) as readonly LimitRange[];
  }
}

/** What the write is held to; nothing for a change that cannot touch what is limited. */
function checkFor(attributes: Attributes): ((item: LimitRangeItem) => string[]) | undefined {
  const { operation, object, old } = attributes;
  if (isOf(attributes, persistentVolumeClaims)) {
    return (item) => claimProblems(item, object as PersistentVolumeClaim, old as PersistentVolumeClaim | undefined);
  }
  const isPod = operation === 'CREATE' ? isOf(attributes, pods) : isOf(attributes, pods, 'resize');
  return isPod ? (item) => podProblems(item, object as Pod, old as Pod | undefined) : undefined;
}

function podProblems(item: LimitRangeItem, pod: Pod, old: Pod | undefined): string[] {
  if (item.type === 'Pod') return problemsOf(item, usageOfPod(pod), old && usageOfPod(old));
  if (item.type !== 'Container') return [];
  const before = new Map(old && containersOf(old).map((one) => [one.name, usageOfContainer(one)]));
  return containersOf(pod).flatMap((one) => problemsOf(item, usageOfContainer(one), before.get(one.name)));
}

function containersOf({ spec }: Pod): Container[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}

function usageOfPod({ spec }: Pod): Usage {
  return { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') };
}

function usageOfContainer({ resources }: Container): Usage {
  return { requests: amountsOf(resources?.requests), limits: amountsOf(resources?.limits) };
}
