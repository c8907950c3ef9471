import type { APIService } from '#api';
import type { Clock } from '#base';
import { formatTime } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { keepStatus, pureStatusStrategy } from './spec-and-status.ts';

const allowUnconditionalUpdate = false;

/** What is special about who serves a group: this server is always there (`kube-aggregator/pkg/registry/apiservice`). */
export function apiServiceStrategy(clock: Clock): Strategy<APIService> {
  return {
    allowUnconditionalUpdate,
    prepareForCreate(service) {
      service.status = {};
      if (!service.spec.service) service.status.conditions = [available(clock.now())];
    },
    prepareForUpdate: keepStatus,
    subresources: { status: (store) => store.partial('status', { ...pureStatusStrategy, allowUnconditionalUpdate }) },
  };
}

function available(nowMs: number): NonNullable<APIService['status']['conditions']>[number] {
  return {
    type: 'Available',
    status: 'True',
    lastTransitionTime: formatTime(nowMs),
    reason: 'Local',
    message: 'Local APIServices are always available',
  };
}
