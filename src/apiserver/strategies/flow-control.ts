import { flowSchemas, priorityLevelConfigurations } from '#api';
import { pureStatusStrategy, specAndStatus } from './spec-and-status.ts';

/** Flow control: generation counts the wishes, a write of the status changes nothing else (`pkg/registry/flowcontrol`). */
export const flowControlStrategies = {
  'flowschemas.flowcontrol.apiserver.k8s.io': specAndStatus(flowSchemas, pureStatusStrategy),
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': specAndStatus(
    priorityLevelConfigurations,
    pureStatusStrategy,
  ),
};
