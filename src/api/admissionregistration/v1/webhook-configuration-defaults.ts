import type { RuleWithOperations } from './rule.ts';
import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from './webhook-configuration.ts';
import type { MutatingWebhook, ValidatingWebhook } from './webhook.ts';

/** Fills in what webhooks leave unsaid (`pkg/apis/admissionregistration/v1/defaults.go`). */
export function setValidatingWebhookDefaults({ webhooks = [] }: ValidatingWebhookConfiguration): void {
  for (const webhook of webhooks) setWebhookDefaults(webhook);
}

export function setMutatingWebhookDefaults({ webhooks = [] }: MutatingWebhookConfiguration): void {
  for (const webhook of webhooks) {
    setWebhookDefaults(webhook);
    webhook.reinvocationPolicy ??= 'Never';
  }
}

function setWebhookDefaults(webhook: ValidatingWebhook | MutatingWebhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  if (webhook.clientConfig.service) webhook.clientConfig.service.port ??= 443;
  setScopes(webhook.rules);
}

/** Rules that do not say otherwise are about resources with and without namespaces. */
export function setScopes(rules: readonly RuleWithOperations[] = []): void {
  for (const rule of rules) rule.scope ??= '*';
}
