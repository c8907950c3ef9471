import { resource } from '#machinery';
import { webhookColumns } from './columns.ts';
import { setValidatingWebhookDefaults } from './webhook-configuration-defaults.ts';
import { validateWebhooks } from './webhook-configuration-validation.ts';
import { ValidatingWebhookConfiguration } from './webhook-configuration.ts';

export const validatingWebhookConfigurations = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: ValidatingWebhookConfiguration,
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  columns: webhookColumns,
  setDefaults: setValidatingWebhookDefaults,
  validate: validateWebhooks,
});
