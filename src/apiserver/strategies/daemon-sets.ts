import { DaemonSet, templateGeneration } from '#api';
import { badRequest, isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { beginAs, keepSpec, prepareSpec } from './spec-and-status.ts';

const begin = beginAs(DaemonSet);

/** DaemonSets (`pkg/registry/apps/daemonset/strategy.go`). */
export const daemonSetStrategy: Strategy<DaemonSet> = {
  prepareForCreate(daemonSet) {
    begin(daemonSet);
    setTemplateGeneration(daemonSet, Math.max(1, templateGenerationOf(daemonSet)));
  },
  prepareForUpdate(daemonSet, old) {
    prepareSpec(daemonSet, old);
    const isChanged = !isEqualJson(daemonSet.spec.template, old.spec.template);
    setTemplateGeneration(daemonSet, templateGenerationOf(old) + (isChanged ? 1 : 0));
  },
  subresources: {
    status: (store) =>
      store.partial('status', {
        validatesObject: false,
        prepareForUpdate(daemonSet, old) {
          keepSpec(daemonSet, old);
          setTemplateGeneration(daemonSet, templateGenerationOf(old));
        },
      }),
  },
};

function templateGenerationOf({ metadata }: DaemonSet): number {
  const text = metadata.annotations?.[templateGeneration] ?? '0';
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badRequest(`DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`);
}

function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
}
