import { bytes, int32, list, listMap, message, of, oneOf, pointer, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { MatchCondition } from './match.ts';
import { RuleWithOperations } from './rule.ts';

export class ServiceReference extends message('A Service that answers.', {
  namespace: required(string(1, 'Its namespace.')),
  name: required(string(2, 'Its name.')),
  path: pointer(string(3, 'The path of the requests.')),
  port: pointer(int32(4, 'The port; 443 by default.')),
}) {}

export class WebhookClientConfig extends message('How a webhook is called.', {
  url: pointer(string(3, 'Its URL.')),
  service: pointer(of(1, 'The Service behind which it is.', ServiceReference)),
  caBundle: bytes(2, 'Who signs its certificate, in PEM; who signs for the API server by default.'),
}) {}

/** What both kinds of webhooks have. Two fields have other numbers in one than in the other. */
const webhookFields = ({ objectSelector, matchConditions }: { objectSelector: number; matchConditions: number }) => ({
  name: required(string(1, 'Its name: a domain name, unique in the configuration.')),
  clientConfig: required(of(2, 'How it is called.', WebhookClientConfig)),
  rules: list(3, 'Which requests it is asked about.', RuleWithOperations),
  failurePolicy: pointer(
    oneOf(4, 'What becomes of a request when it does not answer; `Fail` by default.', ['Fail', 'Ignore']),
  ),
  matchPolicy: pointer(
    oneOf(
      9,
      'Whether it is asked about other versions of the same resource too; `Equivalent` by default, which means yes.',
      ['Equivalent', 'Exact'],
    ),
  ),
  namespaceSelector: pointer(of(5, 'The namespaces of the objects that it is asked about.', LabelSelector)),
  objectSelector: pointer(of(objectSelector, 'The labels of the objects that it is asked about.', LabelSelector)),
  sideEffects: required(pointer(string(6, 'Whether asking it changes anything: `None`, or `NoneOnDryRun`.'))),
  timeoutSeconds: pointer(int32(7, 'How long to wait for an answer; 10 by default.')),
  admissionReviewVersions: required(list(8, 'The versions of AdmissionReview that it understands.', string(0, ''))),
  matchConditions: listMap(
    matchConditions,
    'Expressions that have to be true before it is asked.',
    ['name'],
    MatchCondition,
    { patchMergeKey: 'name' },
  ),
});

export class ValidatingWebhook extends message(
  'Somebody outside who judges requests.',
  webhookFields({ objectSelector: 10, matchConditions: 11 }),
) {}

export class MutatingWebhook extends message('Somebody outside who changes and judges requests.', {
  ...webhookFields({ objectSelector: 11, matchConditions: 12 }),
  reinvocationPolicy: pointer(
    oneOf(10, 'Whether it is asked again when others have changed the object after it; `Never` by default.', [
      'IfNeeded',
      'Never',
    ]),
  ),
}) {}
