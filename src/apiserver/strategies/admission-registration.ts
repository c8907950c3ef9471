import { validatingAdmissionPolicies } from '#api';
import { isEqualJson, type KubeObject } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { bumpGeneration, countedSpec, pureStatusStrategy, specAndStatus } from './spec-and-status.ts';

/** Who writes has to have seen what is there. */
const allowUnconditionalUpdate = false;

/** Webhook configurations: their webhooks are the wish that generation counts. */
const webhookStrategy: Strategy<KubeObject & { webhooks?: unknown[] }> = {
  allowUnconditionalUpdate,
  prepareForCreate({ metadata }) {
    metadata.generation = 1;
  },
  prepareForUpdate(configuration, old) {
    if (!isEqualJson(configuration.webhooks ?? [], old.webhooks ?? [])) bumpGeneration(configuration);
  },
};

const specStrategy: Strategy = { ...countedSpec, allowUnconditionalUpdate };

/** What is special about the kinds of admissionregistration.k8s.io (`pkg/registry/admissionregistration`). */
export const admissionRegistrationStrategies = {
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookStrategy,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhookStrategy,
  'validatingadmissionpolicies.admissionregistration.k8s.io': {
    ...specAndStatus(validatingAdmissionPolicies, { ...pureStatusStrategy, allowUnconditionalUpdate }),
    allowUnconditionalUpdate,
  },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': specStrategy,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': specStrategy,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': specStrategy,
};
