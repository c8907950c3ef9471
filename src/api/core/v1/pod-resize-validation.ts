import { FieldPath, isEqualJson, validateFields, type FieldErrors } from '#machinery';
import type { Container } from './container.ts';
import { qosClassOf } from './pod-qos.ts';
import type { PodSpec } from './pod-spec.ts';
import { Pod } from './pod.ts';
import { validateWholePod } from './pod-validation.ts';
import type { ResourceRequirements } from './resources.ts';
import { isMirrorPod } from './validation/pod-annotations.ts';

const path = FieldPath.of('spec');
const onlyCpuAndMemory = 'only cpu and memory resources';

/** A pod that is given more or less, of cpu and memory, while it runs (`ValidatePodResize`). */
export function validatePodResize(pod: Pod, errors: FieldErrors, old: Pod): void {
  if (isMirrorPod(old)) return errors.forbidden(FieldPath.of(), 'static pods cannot be resized');
  if (old.spec.os?.name === 'windows') return errors.forbidden(FieldPath.of(), 'windows pods cannot be resized');
  validateFields(Pod, pod, errors);
  validateWholePod(pod, errors);
  if ((old.status.qosClass ?? qosClassOf(old)) !== qosClassOf(pod)) {
    errors.invalid(path, pod.status.qosClass, 'Pod QOS Class may not change as a result of resizing');
  }
  const running = old.status.containerStatuses?.find(({ state }) => state?.running);
  if (running && !running.resources) errors.forbidden(path, 'Pod running on node without support for resize');
  validatePodLevel(pod.spec, old.spec, errors);
  if (old.status.nodeAllocatableResourceClaimStatuses?.length) {
    errors.forbidden(path, 'pods with node allocatable resource claims cannot be resized');
  }
  const isInOrder = [
    haveSameNames(pod.spec, old.spec, 'containers', errors),
    haveSameNames(pod.spec, old.spec, 'initContainers', errors),
  ].every(Boolean);
  if (!isInOrder) return;
  for (const field of ['initContainers', 'containers'] as const) validateContainers(pod.spec, old.spec, field, errors);
}

function validatePodLevel({ resources }: PodSpec, { resources: old }: PodSpec, errors: FieldErrors): void {
  if (!resources) {
    if (old) errors.forbidden(path.child('resources'), 'pod-level resources cannot be removed');
    return;
  }
  for (const field of ['requests', 'limits'] as const) {
    if (!isRemoved(resources, old, field)) continue;
    errors.forbidden(path.child('resources', field), `pod-level resource ${field} cannot be removed`);
  }
  if (isEqualJson(fixedPart(resources), fixedPart(old))) return;
  errors.forbidden(path, `${onlyCpuAndMemory} are mutable at pod-level`);
}

function haveSameNames(
  spec: PodSpec,
  oldSpec: PodSpec,
  field: 'containers' | 'initContainers',
  errors: FieldErrors,
): boolean {
  const [now, old] = [spec[field] ?? [], oldSpec[field] ?? []];
  if (now.length !== old.length) {
    errors.forbidden(path.child(field), `${field} may not be added or removed on resize`);
    return false;
  }
  const moved = [...old.keys()].filter((at) => now[at]?.name !== old[at]?.name);
  for (const at of moved) {
    errors.forbidden(path.child(field).index(at).child('name'), `${field} may not be renamed or reordered on resize`);
  }
  return moved.length === 0;
}

function validateContainers(
  spec: PodSpec,
  oldSpec: PodSpec,
  list: 'containers' | 'initContainers',
  errors: FieldErrors,
): void {
  for (const [at, old] of (oldSpec[list] ?? []).entries()) {
    const container = spec[list]?.[at];
    if (!container) continue;
    const here = path.child(list).index(at);
    validateContainer(container, old, list, errors, here);
    const restarts = container.resizePolicy?.some(({ restartPolicy }) => restartPolicy === 'RestartContainer');
    if (list === 'containers' || old.restartPolicy === 'Always' || !restarts || isEqualJson(container, old)) continue;
    const why = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized';
    errors.forbidden(here, why);
  }
}

function validateContainer(
  container: Container,
  old: Container,
  list: 'containers' | 'initContainers',
  errors: FieldErrors,
  at: FieldPath,
): void {
  for (const field of ['requests', 'limits'] as const) {
    if (!isRemoved(container.resources, old.resources, field)) continue;
    errors.forbidden(at.child('resources', field), `resource ${field} cannot be removed`);
  }
  const [now, before] = [withoutGrowth(container), withoutGrowth(old)];
  if (isEqualJson(now, before)) return;
  if (list === 'containers') errors.forbidden(path, `${onlyCpuAndMemory} are mutable`);
  else errors.forbidden(at, `${onlyCpuAndMemory} for init or sidecar containers are mutable`);
}

function isRemoved(
  now: ResourceRequirements = {},
  old: ResourceRequirements = {},
  field: 'requests' | 'limits',
): boolean {
  return Object.keys(old[field] ?? {}).some((name) => now[field]?.[name] === undefined);
}

function withoutGrowth(container: Container): Container {
  return { ...container, resources: fixedPart(container.resources) };
}

/** What is not cpu and not memory. */
function fixedPart({ limits = {}, requests = {}, claims = [] }: ResourceRequirements = {}): ResourceRequirements {
  const { cpu: _cpu, memory: _memory, ...fixedLimits } = limits;
  const { cpu: _requestedCpu, memory: _requestedMemory, ...fixedRequests } = requests;
  return { limits: fixedLimits, requests: fixedRequests, claims };
}
