import { FieldPath, isDns1035Label, type FieldErrors } from '#machinery';
import { validateFullyQualifiedName, validateLabelSelector } from '../../meta/v1/label-validation.ts';
import { validateWebhookClient } from '../../meta/v1/webhook-client-validation.ts';
import { validateMatchConditions } from './validation/match.ts';
import { validateRule } from './validation/rules.ts';
import type { MutatingWebhook, ValidatingWebhook } from './webhook.ts';

type Webhook = ValidatingWebhook | MutatingWebhook;
interface Configuration {
  webhooks?: Webhook[];
}

const path = FieldPath.of('webhooks');
const reviewVersions = ['v1', 'v1beta1'];
const harmless = ['None', 'NoneOnDryRun'];
const anySideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];

/** What was stored before a rule came may stay as it is. */
interface Tolerance {
  readonly sideEffects: readonly string[];
  readonly knownVersion: boolean;
  readonly uniqueNames: boolean;
}

/** The rules of both kinds of webhooks (`pkg/apis/admissionregistration/validation/validation.go`). */
export function validateWebhooks({ webhooks = [] }: Configuration, errors: FieldErrors, old?: Configuration): void {
  const before = old?.webhooks ?? [];
  const tolerance = {
    sideEffects: before.every(({ sideEffects }) => harmless.includes(sideEffects)) ? harmless : anySideEffects,
    knownVersion: before.every(({ admissionReviewVersions: all }) => all.length === 0 || all.some(isKnown)),
    uniqueNames: new Set(before.map(({ name }) => name)).size === before.length,
  };
  for (const [at, webhook] of webhooks.entries()) {
    validateWebhook(webhook, tolerance, errors, path.index(at));
    const isTaken = webhooks.slice(0, at).some(({ name }) => name === webhook.name);
    if (tolerance.uniqueNames && isTaken) errors.duplicate(path.index(at).child('name'), webhook.name);
  }
}

function isKnown(version: string): boolean {
  return reviewVersions.includes(version);
}

function validateWebhook(webhook: Webhook, tolerance: Tolerance, errors: FieldErrors, path: FieldPath): void {
  validateFullyQualifiedName(webhook.name, errors, path.child('name'));
  for (const [at, rule] of (webhook.rules ?? []).entries()) {
    validateRule(rule, errors, path.child('rules').index(at));
  }
  validateSideEffects(webhook.sideEffects, tolerance.sideEffects, errors, path.child('sideEffects'));
  const { timeoutSeconds: seconds = 10, clientConfig } = webhook;
  if (seconds < 1 || seconds > 30) {
    errors.invalid(path.child('timeoutSeconds'), seconds, 'the timeout value must be between 1 and 30 seconds');
  }
  validateLabelSelector(webhook.namespaceSelector, errors, path.child('namespaceSelector'));
  validateLabelSelector(webhook.objectSelector, errors, path.child('objectSelector'));
  validateWebhookClient(clientConfig, errors, path.child('clientConfig'));
  validateMatchConditions(webhook.matchConditions, errors, path.child('matchConditions'));
  validateVersions(webhook, tolerance.knownVersion, errors, path.child('admissionReviewVersions'));
}

function validateSideEffects(
  text: string | undefined,
  allowed: readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (text === undefined || text === null) errors.required(path, `must specify one of ${allowed.join(', ')}`);
  else if (!allowed.includes(text)) errors.notSupported(path, text, allowed);
}

function validateVersions(
  { admissionReviewVersions: versions }: Webhook,
  needsKnown: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const list = reviewVersions.join(', ');
  if (versions.length === 0) return errors.required(path, `must specify one of ${list}`);
  for (const [at, version] of versions.entries()) {
    if (versions.indexOf(version) < at) errors.invalid(path.index(at), version, 'duplicate version');
    else for (const why of isDns1035Label(version)) errors.invalid(path.index(at), version, why);
  }
  if (needsKnown && !versions.some(isKnown)) errors.invalid(path, versions, `must include at least one of ${list}`);
}
