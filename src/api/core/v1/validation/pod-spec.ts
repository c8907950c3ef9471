import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabels, validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import { containersOf } from '../placed-containers.ts';
import type { PodResourceClaim, PodSchedulingGroup, PodSpec } from '../pod-spec.ts';
import { validateAffinity } from './affinity.ts';
import { validateResources } from './container-resources.ts';
import { isTaken, validateContainers, validateInitContainers } from './containers.ts';
import { validateDns, validateHostAliases } from './dns.ts';
import { validateEphemeralContainers } from './ephemeral-containers.ts';
import { validateFileVolumes } from './env.ts';
import { validateHostNames } from './host-names.ts';
import { validateOperatingSystem } from './operating-system.ts';
import { validatePodResources } from './pod-resources.ts';
import { validateContainerResourceName } from './resource-names.ts';
import { validateSchedulingGates, validateTolerations, validateTopologySpread } from './scheduling.ts';
import { validateHostUsers, validatePodSecurityContext } from './security.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess } from './windows-options.ts';

const maxInt32 = 2 ** 31 - 1;

/**
 * The rules of a pod's spec (`ValidatePodSpec` of `pkg/apis/core/validation`), in the pod of that name or in a template,
 * which has none.
 */
export function validatePodSpec(
  spec: PodSpec,
  podName: string | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { terminationGracePeriodSeconds, activeDeadlineSeconds } = spec;
  if (terminationGracePeriodSeconds === undefined) errors.required(path.child('terminationGracePeriodSeconds'));
  const volumes = validateVolumes(spec.volumes ?? [], podName, errors, path.child('volumes'));
  if (spec.resourceClaims) validateClaims(spec.resourceClaims, errors, path.child('resourceClaims'));
  const ground = { spec, volumes };
  validateContainers(ground, errors, path.child('containers'));
  if (spec.initContainers) validateInitContainers(ground, errors, path.child('initContainers'));
  if (spec.ephemeralContainers) validateEphemeralContainers(ground, errors, path.child('ephemeralContainers'));
  validatePodResources(spec, errors, path.child('resources'));
  if (spec.hostNetwork) validateHostNetwork(spec, podName !== undefined, errors, path.child('containers'));
  if (spec.nodeSelector) validateLabels(spec.nodeSelector, errors, path.child('nodeSelector'));
  validatePodSecurityContext(spec, errors, path);
  if (spec.affinity) validateAffinity(spec.affinity, errors, path.child('affinity'));
  validateDns(spec, errors, path.child('dnsConfig'));
  for (const [at, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    validateQualifiedName(conditionType, errors, path.child('readinessGates').index(at).child('conditionType'));
  }
  if (spec.schedulingGates) validateSchedulingGates(spec.schedulingGates, errors, path.child('schedulingGates'));
  const { topologySpreadConstraints: constraints } = spec;
  if (constraints) validateTopologySpread(constraints, errors, path.child('topologySpreadConstraints'));
  const placed = containersOf(spec, path);
  validateHostProcess(spec, placed, errors, path);
  validateHostUsers(spec, errors, path);
  validateHostNames(spec, errors, path);
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > maxInt32)) {
    const why = `must be between 1 and ${maxInt32}, inclusive`;
    errors.invalid(path.child('activeDeadlineSeconds'), activeDeadlineSeconds, why);
  }
  if (spec.tolerations) validateTolerations(spec.tolerations, errors, path.child('tolerations'));
  if (spec.hostAliases) validateHostAliases(spec.hostAliases, errors, path.child('hostAliases'));
  const { overhead: limits } = spec;
  if (limits) validateResources({ limits }, validateContainerResourceName, errors, path.child('overhead'));
  validateRuntimeClassName(spec, errors, path.child('runtimeClassName'));
  validateOperatingSystem(spec, errors, path);
  if (spec.schedulingGroup) validateSchedulingGroup(spec.schedulingGroup, errors, path.child('schedulingGroup'));
  validateFileVolumes(spec, placed, errors);
}

/** What a name must be the schema tells of names that there are. */
function validateRuntimeClassName({ runtimeClassName }: PodSpec, errors: FieldErrors, path: FieldPath): void {
  if (runtimeClassName !== '') return;
  for (const why of isDns1123Subdomain('')) errors.invalid(path, '', why);
}

/** The group is one of the kinds there are, of which there is one. */
function validateSchedulingGroup({ podGroupName }: PodSchedulingGroup, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('podGroupName');
  if (podGroupName === undefined) errors.invalid(at, podGroupName, 'must specify one of: `podGroupName`');
  else for (const why of isDns1123Subdomain(podGroupName)) errors.invalid(at, podGroupName, why);
}

/** In the node's network a port is the node's; a template may leave it to the pod's defaults to say so. */
function validateHostNetwork({ containers }: PodSpec, isPod: boolean, errors: FieldErrors, path: FieldPath): void {
  for (const [at, { ports = [] }] of containers.entries()) {
    for (const [index, { hostPort = 0, containerPort }] of ports.entries()) {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) continue;
      const why = 'must match `containerPort` when `hostNetwork` is true';
      errors.invalid(path.index(at).child('ports').index(index).child('hostPort'), hostPort, why);
    }
  }
}

function validateClaims(claims: readonly PodResourceClaim[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, claim] of claims.entries()) {
    const here = path.index(at);
    if (isTaken(claim.name, claims, at)) errors.duplicate(here.child('name'), claim.name);
    const { resourceClaimName, resourceClaimTemplateName } = claim;
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.invalid(here, claim, why);
    } else if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.invalid(here, claim, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    }
    for (const field of ['resourceClaimName', 'resourceClaimTemplateName'] as const) {
      const name = claim[field];
      for (const why of name === undefined ? [] : isDns1123Subdomain(name))
        errors.invalid(here.child(field), name, why);
    }
  }
}
