import { FieldErrors, FieldPath, isDns1123Label, isEqualJson, validateFields } from '#machinery';
import { Volume } from '../../core/v1/volume.ts';
import { validateClaimSpec } from '../../core/v1/validation/claim-spec.ts';
import { bySelector, validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import type { PodTemplateSpec } from '../../core/v1/pod.ts';
import { isNone, validateAtMostAll, validateCountOrPercent } from '../../meta/v1/share-validation.ts';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import { isReadable, validateWorkloadSelector } from './selector-validation.ts';
import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from './stateful-set.ts';

const path = FieldPath.of('spec');

/** The rules of stateful sets (`pkg/apis/apps/validation/validation.go`). */
export function validateStatefulSet({ spec }: StatefulSet, errors: FieldErrors, old?: StatefulSet): void {
  if (old) return validateUpdate(spec, old.spec, errors);
  validateSpec(spec, errors);
  for (const [at, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
    validateClaimSpec(claim.spec, errors, path.child('volumeClaimTemplates').index(at).child('spec'));
  }
  const { serviceName } = spec;
  if (serviceName) {
    for (const why of isDns1123Label(serviceName)) errors.invalid(path.child('serviceName'), serviceName, why);
  }
  validateTemplate(spec, errors);
}

/** What may change of a stateful set; all else of its spec is its identity. */
const mutable: readonly string[] = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function validateUpdate(spec: StatefulSetSpec, old: StatefulSetSpec, errors: FieldErrors): void {
  validateSpec(spec, errors);
  // A template that was let in by an older release does not stand in the way of other changes.
  if (isValid(old)) validateTemplate(spec, errors);
  if (isEqualJson(identityOf(spec), identityOf(old))) return;
  const quoted = mutable.map((one) => `'${one}'`);
  const list = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  errors.forbidden(path, `updates to statefulset spec for fields other than ${list} are forbidden`);
}

function identityOf(spec: StatefulSetSpec): object {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !mutable.includes(name)));
}

function isValid(spec: StatefulSetSpec): boolean {
  const errors = new FieldErrors();
  validateSpec(spec, errors);
  validateTemplate(spec, errors);
  return errors.empty;
}

function validateSpec(spec: StatefulSetSpec, errors: FieldErrors): void {
  const { podManagementPolicy, updateStrategy, ordinals, selector } = spec;
  if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') {
    errors.invalid(path.child('podManagementPolicy'), podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
  }
  if (updateStrategy) validateStrategy(updateStrategy, errors, path.child('updateStrategy'));
  validateNotNegative(ordinals?.start, errors, path.child('ordinals.start'));
  const at = path.child('selector');
  validateWorkloadSelector(selector, 'statefulset', errors, at);
  if (!isReadable(selector)) errors.invalidAsWhole(at, '');
}

function validateStrategy(strategy: StatefulSetUpdateStrategy, errors: FieldErrors, path: FieldPath): void {
  const { type, rollingUpdate } = strategy;
  const at = path.child('rollingUpdate');
  if (type !== 'OnDelete' && type !== 'RollingUpdate') {
    return errors.invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'");
  }
  if (!rollingUpdate) return;
  if (type === 'OnDelete') return errors.invalid(at, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'");
  const { maxUnavailable } = rollingUpdate;
  if (maxUnavailable === undefined) return;
  validateCountOrPercent(maxUnavailable, errors, at.child('maxUnavailable'));
  if (isNone(maxUnavailable)) errors.invalid(at.child('maxUnavailable'), maxUnavailable, 'cannot be 0');
  validateAtMostAll(maxUnavailable, errors, at.child('maxUnavailable'));
}

function validateTemplate(spec: StatefulSetSpec, errors: FieldErrors): void {
  const template = asPodsHaveIt(spec);
  const volumes = path.child('template', 'spec', 'volumes');
  for (const [at, volume] of (template.spec.volumes ?? []).slice(0, spec.volumeClaimTemplates?.length ?? 0).entries()) {
    validateFields(Volume, volume, errors, volumes.index(at));
  }
  if (isReadable(spec.selector)) {
    validateReplicatedTemplate(template, bySelector(spec.selector), 'StatefulSet', errors, path.child('template'));
  }
}

/** The template without what the controller overwrites in each pod, and with a volume for every claim. */
function asPodsHaveIt({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const claims = new Map(
    volumeClaimTemplates.map(({ metadata: { name = '' } }) => [
      name,
      { name, persistentVolumeClaim: { claimName: name } },
    ]),
  );
  const { subdomain: _, hostname: __, ...spec } = template.spec;
  const others = (spec.volumes ?? []).filter(({ name }) => !claims.has(name));
  return { ...template, spec: { ...spec, volumes: [...claims.values(), ...others] } };
}
