import { randomUuid, type Random } from '#base';
import { validateQuotaAmounts, type LimitRange, type PodTemplate, type ResourceQuota } from '#api';
import { FieldPath, isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { bumpGeneration, keepSpec, keepStatus } from './spec-and-status.ts';

/** ResourceQuotas (`pkg/registry/core/resourcequota/strategy.go`). */
export const resourceQuotaStrategy: Strategy<ResourceQuota> = {
  answersObject: true,
  prepareForCreate(quota) {
    quota.status = {};
  },
  prepareForUpdate: keepStatus,
  subresources: {
    status: (store) =>
      store.partial('status', {
        validatesObject: false,
        prepareForUpdate: keepSpec,
        validateUpdate({ status }, _old, errors) {
          validateQuotaAmounts(status.hard, errors, FieldPath.of('status', 'hard'));
          validateQuotaAmounts(status.used, errors, FieldPath.of('status', 'used'));
        },
      }),
  },
};

/** LimitRanges: one without a name gets one (`pkg/registry/core/limitrange/strategy.go`). */
export function limitRangeStrategy(random: Random): Strategy<LimitRange> {
  return {
    allowCreateOnUpdate: true,
    prepareForCreate({ metadata }) {
      metadata.name ||= randomUuid(random);
    },
  };
}

/** PodTemplates (`pkg/registry/core/podtemplate/strategy.go`). */
export const podTemplateStrategy: Strategy<PodTemplate> = {
  answersObject: true,
  prepareForCreate({ metadata }) {
    metadata.generation = 1;
  },
  prepareForUpdate(podTemplate, old) {
    if (!isEqualJson(podTemplate.template, old.template)) bumpGeneration(podTemplate);
  },
};
