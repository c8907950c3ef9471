import type { FieldErrors, FieldPath } from '#machinery';
import type { ContainerStatus, LinuxContainerUser, ResourceStatus } from '../container-status.ts';
import type { Container } from '../container.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Pod } from '../pod.ts';
import { validateId } from './security.ts';

const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** What kubelets say of the containers of a pod. */
export function validateContainerStatuses({ spec, status }: Pod, old: Pod, errors: FieldErrors, path: FieldPath): void {
  for (const list of lists) {
    const [statuses, before] = [status[list] ?? [], old.status[list] ?? []];
    validateTransitions(list, statuses, before, old.spec, errors, path.child(list));
    for (const [at, one] of statuses.entries()) {
      const here = path.child(list).index(at);
      validateUser(one, spec, errors, here.child('user', 'linux'));
      validateDevices(one, spec, list, errors, here.child('allocatedResourcesStatus'));
    }
  }
}

/** What has ended and is not restarted does not run again. */
function validateTransitions(
  list: (typeof lists)[number],
  statuses: readonly ContainerStatus[],
  old: readonly ContainerStatus[],
  spec: PodSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (list !== 'ephemeralContainerStatuses' && restartsAll(spec)) return;
  for (const [at, { name, state }] of old.entries()) {
    const now = statuses.find((one) => one.name === name);
    if (!state?.terminated || !now || now.state?.terminated) continue;
    if (mayRestart(list, name, state.terminated.exitCode, spec)) continue;
    errors.forbidden(path.index(at).child('state'), 'may not be transitioned to non-terminated state');
  }
}

/** Whether the end of one container may begin all of them anew. */
function restartsAll({ containers, initContainers = [] }: PodSpec): boolean {
  return [...initContainers, ...containers].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  );
}

function mayRestart(list: (typeof lists)[number], name: string, exitCode: number, spec: PodSpec): boolean {
  if (list === 'ephemeralContainerStatuses') return false;
  const containers = list === 'containerStatuses' ? spec.containers : (spec.initContainers ?? []);
  const container = containers.find((one) => one.name === name);
  if (!container) return false;
  const rule = container.restartPolicy === undefined ? undefined : ruleFor(container, exitCode);
  if (rule) return true;
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return policy === 'OnFailure' ? exitCode !== 0 : policy !== 'Never';
}

function ruleFor({ restartPolicyRules = [] }: Container, exitCode: number): object | undefined {
  return restartPolicyRules.find(({ exitCodes }) => {
    const isListed = exitCodes?.values?.includes(exitCode) ?? false;
    return exitCodes && (exitCodes.operator === 'In' ? isListed : !isListed);
  });
}

function validateUser({ user }: ContainerStatus, { os }: PodSpec, errors: FieldErrors, path: FieldPath): void {
  if (!user?.linux) return;
  if (os?.name === 'windows') return errors.forbidden(path, 'cannot be set for a windows pod');
  const { uid, gid, supplementalGroups = [] }: LinuxContainerUser = user.linux;
  validateId(uid, errors, path.child('uid'));
  validateId(gid, errors, path.child('gid'));
  for (const [at, group] of supplementalGroups.entries()) {
    validateId(group, errors, path.child('supplementalGroups').index(at));
  }
}

const noRequest = "must match one of the container's resource requests";
const noClaim =
  "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";

function validateDevices(
  { name, allocatedResourcesStatus: devices = [] }: ContainerStatus,
  { containers, initContainers = [] }: PodSpec,
  list: (typeof lists)[number],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (list === 'ephemeralContainerStatuses') {
    if (devices.length > 0) errors.forbidden(path, 'must not be specified in container status');
    return;
  }
  const container = (list === 'containerStatuses' ? containers : initContainers).find((one) => one.name === name);
  for (const [at, device] of devices.entries()) {
    const here = path.index(at);
    if (container && !isAskedFor(device.name, container)) {
      errors.invalid(here.child('name'), device.name, device.name.startsWith('claim:') ? noClaim : noRequest);
    }
    validateHealth(device, errors, here.child('resources'));
  }
}

function isAskedFor(name: string, { resources = {} }: Container): boolean {
  const { requests = {}, claims = [] } = resources;
  if (!name.startsWith('claim:')) return name in requests;
  return claims.some((one) => name === `claim:${one.name}${one.request ? `/${one.request}` : ''}`);
}

const healths = ['Healthy', 'Unhealthy', 'Unknown'];
const maxMessageBytes = 1024;

function validateHealth({ resources = [] }: ResourceStatus, errors: FieldErrors, path: FieldPath): void {
  for (const [at, { resourceID, health = '', message }] of resources.entries()) {
    const here = path.index(at);
    if (!healths.includes(health)) errors.notSupported(here.child('health'), health, healths);
    if (message === '') errors.required(here.child('message'), 'must be non-empty if specified');
    else if (Buffer.byteLength(message ?? '') > maxMessageBytes) errors.tooLong(here.child('message'), maxMessageBytes);
    if (resources.slice(0, at).some((one) => one.resourceID === resourceID)) {
      errors.duplicate(here.child('resourceID'), resourceID);
    }
  }
}
