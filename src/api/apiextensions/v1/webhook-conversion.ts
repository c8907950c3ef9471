import { bytes, int32, list, message, of, oneOf, pointer, required, string } from '#machinery';

export class ServiceReference extends message('A Service of the cluster that answers.', {
  namespace: required(string(1, 'Its namespace.', { minLength: 0 })),
  name: required(string(2, 'Its name.', { minLength: 0 })),
  path: pointer(string(3, 'The path of the URL.')),
  port: pointer(int32(4, 'Its port; 443 by default.')),
}) {}

export class WebhookClientConfig extends message('How a webhook is called: by its URL, or behind a Service.', {
  url: pointer(string(3, '`https://host:port/path`.')),
  service: pointer(
    of(1, 'The Service, which is preferred to an outer address for what runs in the cluster.', ServiceReference),
  ),
  caBundle: bytes(2, 'The certificates, in PEM, that its own is checked with; those of the system by default.'),
}) {}

export class WebhookConversion extends message('The webhook that converts objects between versions.', {
  clientConfig: pointer(of(2, 'How it is called.', WebhookClientConfig)),
  conversionReviewVersions: required(
    list(3, 'The versions of ConversionReview that it knows, best first.', string(0, '')),
  ),
}) {}

export class CustomResourceConversion extends message('How objects are converted from one version to another.', {
  strategy: required(
    oneOf(1, '`None` changes the version only, `Webhook` asks a webhook.', ['None', 'Webhook'], {
      enumIsForRules: true,
    }),
  ),
  webhook: pointer(of(2, 'The webhook.', WebhookConversion)),
}) {}
