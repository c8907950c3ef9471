import { isEqualJson, type FieldErrors, type FieldPath } from '#machinery';
import type { Container } from '../container.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Pod } from '../pod.ts';
import type { Toleration } from '../taint.ts';
import { describeChanges } from './describe-changes.ts';
import { keepGatedChanges } from './gated-pod-update.ts';

const maxInt32 = 2 ** 31 - 1;

/** What of a pod may change, in the words of upstream's refusal of everything else. */
const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** A pod is what it was made to be: an update changes its images, its deadline, its tolerations (`ValidatePodUpdate`). */
export function validatePodUpdate({ spec }: Pod, { spec: old }: Pod, errors: FieldErrors, path: FieldPath): void {
  if (isEqualJson(spec, old)) return;
  if (!haveSameCount(spec.containers, old.containers, errors, path.child('containers'))) return;
  const [init, oldInit] = [spec.initContainers ?? [], old.initContainers ?? []];
  if (!haveSameCount(init, oldInit, errors, path.child('initContainers'))) return;
  if (!validateDeadline(spec, old, errors, path.child('activeDeadlineSeconds'))) return;
  validateTolerationChanges(spec.tolerations ?? [], old.tolerations ?? [], errors, path.child('tolerations'));
  validateGateChanges(spec, old, errors, path.child('schedulingGates'));
  const rest = withoutUpdatable(spec, old);
  if (old.schedulingGates?.length) keepGatedChanges(rest, old, errors, path);
  if (isEqualJson(rest, old)) return;
  const changes = describeChanges(old, rest);
  errors.forbidden(path, `pod updates may not change fields other than ${updatable}\n${changes}`);
}

function haveSameCount(
  containers: readonly Container[],
  old: readonly Container[],
  errors: FieldErrors,
  path: FieldPath,
): boolean {
  if (containers.length === old.length) return true;
  errors.forbidden(path, 'pod updates may not add or remove containers');
  return false;
}

/** A deadline can be set and can come closer. */
function validateDeadline(spec: PodSpec, old: PodSpec, errors: FieldErrors, path: FieldPath): boolean {
  const { activeDeadlineSeconds: seconds } = spec;
  const { activeDeadlineSeconds: before } = old;
  if (seconds === undefined) {
    if (before !== undefined) errors.invalid(path, seconds, 'must not update from a positive integer to nil value');
    return true;
  }
  if (seconds < 0 || seconds > maxInt32) {
    errors.invalid(path, seconds, `must be between 0 and ${maxInt32}, inclusive`);
    return false;
  }
  if (before === undefined || seconds <= before) return true;
  errors.invalid(path, seconds, 'must be less than or equal to previous value');
  return false;
}

function validateTolerationChanges(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  const plain = tolerations.map(withoutSeconds);
  const isKept = old.every((one) => plain.some((other) => isEqualJson(withoutSeconds(one), other)));
  if (!isKept) errors.forbidden(path, 'existing toleration can not be modified except its tolerationSeconds');
}

function withoutSeconds(toleration: Toleration): Toleration {
  const rest = { ...toleration };
  delete rest.tolerationSeconds;
  return rest;
}

function validateGateChanges(spec: PodSpec, old: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const before = new Set((old.schedulingGates ?? []).map(({ name }) => name));
  for (const [at, { name }] of (spec.schedulingGates ?? []).entries()) {
    if (before.has(name)) continue;
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.forbidden(path.index(at).child('name'), why);
  }
}

/** The new spec with the old values of what may change, so that the rest can be compared. */
function withoutUpdatable(spec: PodSpec, old: PodSpec): PodSpec {
  const rest: PodSpec = { ...spec, containers: withImages(spec.containers, old.containers) };
  if (spec.initContainers) rest.initContainers = withImages(spec.initContainers, old.initContainers ?? []);
  for (const field of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates'] as const) restore(rest, old, field);
  const { terminationGracePeriodSeconds: grace = 0 } = old;
  if (grace < 0 && spec.terminationGracePeriodSeconds === 1) restore(rest, old, 'terminationGracePeriodSeconds');
  return rest;
}

function withImages(containers: readonly Container[], old: readonly Container[]): Container[] {
  return containers.map((container, at) => {
    const rest = { ...container };
    const before = old[at]?.image;
    if (before === undefined) delete rest.image;
    else rest.image = before;
    return rest;
  });
}

function restore(spec: PodSpec, old: PodSpec, field: keyof PodSpec): void {
  if (old[field] === undefined) delete spec[field];
  else Object.assign(spec, { [field]: old[field] });
}
