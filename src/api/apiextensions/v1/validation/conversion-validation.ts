import { isDns1035Label, type FieldErrors, type FieldPath } from '#machinery';
import { validateWebhookClient } from '../../../meta/v1/webhook-client-validation.ts';
import type { CustomResourceConversion } from '../webhook-conversion.ts';

const reviewVersions = ['v1', 'v1beta1'];
const elsewhere = 'should not be set when strategy is not set to Webhook';

/** How objects are converted; the errors name the fields as upstream's internal type does, without `webhook`. */
export function validateConversion(conversion: CustomResourceConversion, errors: FieldErrors, path: FieldPath): void {
  const { strategy, webhook } = conversion;
  // The types only know what is valid.
  const given: string = strategy;
  if (given === '') errors.required(path.child('strategy'));
  else if (given !== 'None' && given !== 'Webhook') {
    errors.notSupported(path.child('strategy'), given, ['None', 'Webhook']);
  }
  const client = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  const clientPath = path.child('webhookClientConfig');
  const versionsPath = path.child('conversionReviewVersions');
  if (strategy !== 'Webhook') {
    if (client) errors.forbidden(clientPath, elsewhere);
    if (versions.length > 0) errors.forbidden(versionsPath, elsewhere);
    return;
  }
  if (client) validateWebhookClient(client, errors, clientPath);
  else errors.required(clientPath, 'required when strategy is set to Webhook');
  validateReviewVersions(versions, errors, versionsPath);
}

function validateReviewVersions(versions: readonly string[], errors: FieldErrors, path: FieldPath): void {
  if (versions.length === 0) return errors.required(path);
  for (const [at, version] of versions.entries()) {
    if (versions.indexOf(version) < at) errors.invalid(path.index(at), version, 'duplicate version');
    else for (const problem of isDns1035Label(version)) errors.invalid(path.index(at), version, problem);
  }
  if (!versions.some((one) => reviewVersions.includes(one))) {
    errors.invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`);
  }
}
