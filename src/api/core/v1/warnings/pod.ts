import { FieldPath, isDns1123Label, type Warnings } from '#machinery';
import { warnOfIp } from '../../../meta/v1/ip-warnings.ts';
import type { Container } from '../container.ts';
import type { EphemeralContainer } from '../ephemeral-container.ts';
import { containersOf } from '../placed-containers.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Pod, PodTemplateSpec } from '../pod.ts';
import { haveProfiles } from '../profile-annotations.ts';
import { warnOfAnnotations, warnOfContainerProfiles, warnOfPodProfiles } from './annotations.ts';
import { warnOfEnv } from './env.ts';
import { warnOfFractions } from './fractions.ts';
import { warnOfOverlappingPaths } from './overlapping-paths.ts';
import { warnOfPorts } from './ports.ts';
import { warnOfNodes, warnOfPodAffinity } from './scheduling.ts';
import { warnOfVolumes } from './volumes.ts';

/** What to tell who makes a pod; of changes nothing is told (`pkg/registry/core/pod/strategy.go`). */
export function warnOfPod(pod: Pod, warnings: Warnings, old?: Pod): void {
  if (old) return;
  const problems = isDns1123Label(pod.metadata.name ?? '');
  if (problems.length > 0) {
    const why =
      "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
    warnings.add(`metadata.name: ${why}: [${problems.join(' ')}]`);
  }
  warn(pod, warnings, FieldPath.of(), false);
}

/** What to tell who writes a template of pods (`GetWarningsForPodTemplate` of `pkg/api/pod/warnings.go`). */
export function warnOfPodTemplate(template: PodTemplateSpec, warnings: Warnings, path: FieldPath): void {
  warn(template, warnings, path, true);
}

function warn(template: PodTemplateSpec, warnings: Warnings, path: FieldPath, isTemplate: boolean): void {
  const { metadata, spec } = template;
  const [annotations, at] = [path.child('metadata', 'annotations'), path.child('spec')];
  const isConfined = metadata.annotations !== undefined && haveProfiles(metadata.annotations);
  warnOfNodes(spec, warnings, at);
  if (metadata.annotations) warnOfAnnotations(metadata.annotations, warnings, annotations);
  if (spec.volumes) {
    warnOfVolumes(spec.volumes, warnings, at.child('volumes'));
    warnOfOverlappingPaths(spec.volumes, warnings);
  }
  warnOfLists(spec, warnings, at);
  if (isConfined) warnOfPodProfiles(template, warnings, annotations);
  const containers = containersOf(spec, at);
  for (const { container, path: here } of containers) {
    if (isConfined) warnOfContainerProfiles(container, template, isTemplate, warnings, annotations);
    warnOfContainer(container, warnings, here);
  }
  warnOfPorts(containers, warnings);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const why = 'must be >= 0; negative values are invalid and will be treated as 1';
    warnings.at(at.child('terminationGracePeriodSeconds'), why);
  }
  warnOfPodAffinity(spec, warnings, at);
  warnOfAddresses(spec, warnings, at);
}

/** What is counted in bytes. */
const bytes = ['memory', 'ephemeral-storage'];

/** Lists in which things should stand once. */
function warnOfLists(
  { hostAliases = [], imagePullSecrets = [], overhead }: PodSpec,
  warnings: Warnings,
  path: FieldPath,
): void {
  for (const [at, { ip }] of hostAliases.entries()) {
    if (!hostAliases.slice(0, at).some((one) => one.ip === ip)) continue;
    warnings.at(path.child('hostAliases').index(at).child('ip'), `duplicate ip ${JSON.stringify(ip)}`);
  }
  const secrets = path.child('imagePullSecrets');
  for (const [at, { name = '' }] of imagePullSecrets.entries()) {
    if (!imagePullSecrets.slice(0, at).some((one) => (one.name ?? '') === name)) continue;
    warnings.at(secrets.index(at).child('name'), `duplicate name ${JSON.stringify(name)}`);
  }
  for (const [at, { name }] of imagePullSecrets.entries()) {
    if (!name) warnings.at(secrets.index(at).child('name'), 'invalid empty name ""');
  }
  for (const name of overhead ? bytes : []) warnOfFractions(overhead, name, warnings, path.child('overhead'));
}

function warnOfContainer(
  { resources, env }: Container | EphemeralContainer,
  warnings: Warnings,
  path: FieldPath,
): void {
  for (const name of bytes) {
    for (const field of ['limits', 'requests'] as const) {
      const amounts = resources?.[field];
      if (amounts) warnOfFractions(amounts, name, warnings, path.child('resources', field));
    }
  }
  if (env) warnOfEnv(env, warnings, path.child('env'));
}

function warnOfAddresses({ dnsConfig, hostAliases = [] }: PodSpec, warnings: Warnings, path: FieldPath): void {
  for (const [at, ip] of (dnsConfig?.nameservers ?? []).entries()) {
    warnOfIp(ip, warnings, path.child('dnsConfig', 'nameservers').index(at));
  }
  for (const [at, { ip }] of hostAliases.entries()) {
    warnOfIp(ip, warnings, path.child('hostAliases').index(at).child('ip'));
  }
}
