import { resource } from '#machinery';
import { webhookColumns } from './columns.ts';
import { setMutatingWebhookDefaults } from './webhook-configuration-defaults.ts';
import { validateWebhooks } from './webhook-configuration-validation.ts';
import { MutatingWebhookConfiguration } from './webhook-configuration.ts';

export const mutatingWebhookConfigurations = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: MutatingWebhookConfiguration,
  plural: 'mutatingwebhookconfigurations',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  columns: webhookColumns,
  setDefaults: setMutatingWebhookDefaults,
  validate: validateWebhooks,
});
