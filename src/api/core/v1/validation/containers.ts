import type { FieldErrors, FieldPath } from '#machinery';
import type { Container, ContainerPort } from '../container.ts';
import type { EphemeralContainer } from '../ephemeral-container.ts';
import type { PodSpec } from '../pod-spec.ts';
import { validateContainerResources, validateResizePolicy } from './container-resources.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateDevices, validateMounts, type Volumes } from './mounts.ts';
import { validateProbesAndHooks } from './probes.ts';
import { validateSecurityContext } from './security.ts';

/** What the rules of a container need to know of its pod. */
export interface PodGround {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
}

/** The containers that do the work. */
export function validateContainers(ground: PodGround, errors: FieldErrors, path: FieldPath): void {
  const { containers, terminationGracePeriodSeconds } = ground.spec;
  if (containers.length === 0) return errors.required(path);
  containers.forEach((container, at) => {
    const here = path.index(at);
    validateContainer(container, ground, errors, here);
    if (isTaken(container.name, containers, at)) errors.duplicate(here.child('name'), container.name);
    validateProbesAndHooks(container, terminationGracePeriodSeconds, errors, here);
    validateRestartRules(container, errors, here);
  });
  validateHostPorts(containers, errors, path);
}

/** The containers that run before, one by one; those that are always restarted stay beside the others. */
export function validateInitContainers(ground: PodGround, errors: FieldErrors, path: FieldPath): void {
  const { containers, initContainers = [], terminationGracePeriodSeconds } = ground.spec;
  for (const [at, container] of initContainers.entries()) {
    const here = path.index(at);
    validateContainer(container, ground, errors, here);
    if (isTaken(container.name, containers) || isTaken(container.name, initContainers, at)) {
      errors.duplicate(here.child('name'), container.name);
    }
    validateHostPorts([container], errors, path);
    validateRestartRules(container, errors, here);
    if (container.restartPolicy === 'Always') {
      validateProbesAndHooks(container, terminationGracePeriodSeconds, errors, here);
    } else forbidProbesAndHooks(container, errors, here);
  }
}

function forbidProbesAndHooks(container: Container, errors: FieldErrors, path: FieldPath): void {
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (!container[field]) continue;
    errors.forbidden(path.child(field), 'may not be set for init containers without restartPolicy=Always');
    errors.ignoreSchemaAt(path.child(field));
  }
}

const maxRestartRules = 20;

function validateRestartRules(container: Container, errors: FieldErrors, path: FieldPath): void {
  const { restartPolicy, restartPolicyRules: rules } = container;
  if (!rules?.length) return;
  const at = path.child('restartPolicyRules');
  if (restartPolicy === undefined) {
    errors.required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used');
  }
  if (rules.length > maxRestartRules) errors.tooMany(at, rules.length, maxRestartRules);
  for (const [index, rule] of rules.entries()) validateRestartRule(rule, errors, at.index(index));
}

/** A rule as it may come in: the fields that it needs may be missing. */
interface RestartRule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

const restartActions = ['Restart', 'RestartAllContainers'];
const exitOperators = ['In', 'NotIn'];
const maxExitCodes = 255;

function validateRestartRule({ action = '', exitCodes }: RestartRule, errors: FieldErrors, path: FieldPath): void {
  if (!restartActions.includes(action)) errors.notSupported(path.child('action'), action, restartActions);
  errors.ignoreSchemaAt(path); // that the action is missing has been told
  const at = path.child('exitCodes');
  if (!exitCodes) return errors.required(at, 'must be specified');
  const { operator = '', values = [] } = exitCodes;
  if (!exitOperators.includes(operator)) errors.notSupported(at.child('operator'), operator, exitOperators);
  if (values.length > maxExitCodes) errors.tooMany(at.child('values'), values.length, maxExitCodes);
}

/** What holds for every container, whenever it runs. */
export function validateContainer(
  container: Container | EphemeralContainer,
  { spec, volumes }: PodGround,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!container.image) errors.required(path.child('image'));
  const { ports, env, envFrom, volumeMounts, volumeDevices, resources, resizePolicy, securityContext } = container;
  if (ports) validatePorts(ports, errors, path.child('ports'));
  if (env) validateEnv(env, errors, path.child('env'));
  if (envFrom) validateEnvFrom(envFrom, errors, path.child('envFrom'));
  if (volumeMounts) validateMounts(container, volumes, errors, path.child('volumeMounts'));
  if (volumeDevices) validateDevices(container, volumes, errors, path.child('volumeDevices'));
  if (resources) validateContainerResources(resources, spec.resourceClaims ?? [], errors, path.child('resources'));
  if (resizePolicy) validateResizePolicy(resizePolicy, spec.restartPolicy, errors, path.child('resizePolicy'));
  if (!securityContext) return;
  validateSecurityContext(securityContext, spec.hostUsers !== false, errors, path.child('securityContext'));
}

/** Pods, unlike templates, may have no spaces around the name of an image. */
export function validateImageSpaces(
  containers: readonly (Container | EphemeralContainer)[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  containers.forEach(({ image = '' }, at) => {
    if (image.trim() === image) return;
    errors.invalid(path.index(at).child('image'), image, 'must not have leading or trailing whitespace');
  });
}

/** Whether one of the first `count` has the name. */
export function isTaken(name: string, by: readonly { name?: string }[], count: number = by.length): boolean {
  if (name === '') return false;
  const first = by.findIndex((one) => one.name === name);
  return first !== -1 && first < count;
}

function validatePorts(ports: readonly ContainerPort[], errors: FieldErrors, path: FieldPath): void {
  ports.forEach(({ name = '' }, at) => {
    if (isTaken(name, ports, at)) errors.duplicate(path.index(at).child('name'), name);
  });
}

function validateHostPorts(containers: readonly Container[], errors: FieldErrors, path: FieldPath): void {
  const taken = new Set<string>();
  for (const [at, { ports = [] }] of containers.entries()) {
    for (const [index, { hostPort = 0, protocol = 'TCP', hostIP = '' }] of ports.entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) errors.duplicate(path.index(at).child('ports').index(index).child('hostPort'), key);
      taken.add(key);
    }
  }
}
