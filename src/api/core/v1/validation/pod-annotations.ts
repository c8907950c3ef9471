import type { FieldErrors, FieldPath } from '#machinery';
import { appArmorAnnotation } from '../app-armor.ts';
import { containersOf } from '../placed-containers.ts';
import type { PodSpec } from '../pod-spec.ts';
import { containerSeccomp, haveProfiles, podSeccomp } from '../profile-annotations.ts';
import type { Pod, PodTemplateSpec } from '../pod.ts';
import { validateDescendingPath } from './paths.ts';

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

/** Whether a pod is the shadow of one that its kubelet was given by other means. */
export function isMirrorPod({ metadata }: Pick<Pod, 'metadata'>): boolean {
  return metadata.annotations?.[mirror] !== undefined;
}

/** Annotations that Kubernetes reads, of a pod or of a template (`ValidatePodSpecificAnnotations`). */
export function validatePodAnnotations(
  { metadata, spec }: Pick<PodTemplateSpec, 'metadata' | 'spec'>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { annotations = {} } = metadata;
  const { [mirror]: isMirror, [deletionCost]: cost } = annotations;
  if (isMirror !== undefined && !spec.nodeName) {
    errors.invalid(path.key(mirror), isMirror, 'must set spec.nodeName if mirror pod annotation is set');
  }
  if (cost !== undefined && !isInt32(cost)) errors.invalid(path.key(deletionCost), cost, 'must be a 32bit integer');
  for (const [key, profile] of Object.entries(annotations)) {
    if (key === podSeccomp || key.startsWith(containerSeccomp)) validateSeccomp(profile, errors, path.child(key));
    else if (key.startsWith(appArmorAnnotation)) validateAppArmor(key, profile, spec, errors, path);
  }
}

function isInt32(text: string): boolean {
  // As upstream, which wants the shortest way to write it.
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.trunc(Number(text)) === Math.trunc(Number(text)) << 0;
}

function validateSeccomp(profile: string, errors: FieldErrors, at: FieldPath): void {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return;
  if (!profile.startsWith('localhost/')) errors.invalid(at, profile, 'must be a valid seccomp profile');
  else validateDescendingPath(profile.slice('localhost/'.length), errors, at);
}

function validateAppArmor(key: string, profile: string, spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const name = key.slice(appArmorAnnotation.length);
  if (!containersOf(spec, path).some(({ container }) => container.name === name)) {
    errors.invalid(path.key(key), name, 'container not found');
  }
  if (['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/')) return;
  errors.invalid(path.key(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`);
}

/** What a pod's annotations said when it was made, they say for ever (`ValidatePodSpecificAnnotationUpdates`). */
export function validatePodAnnotationsUpdate(pod: Pod, old: Pod, errors: FieldErrors, path: FieldPath): void {
  const [now, before] = [pod.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const added = Object.keys(now).filter((key) => !(key in before));
  for (const key of [...Object.keys(before), ...added].filter(isKept)) {
    if (now[key] === before[key]) continue;
    const what = key === mirror ? 'mirror pod annotation' : 'AppArmor annotations';
    errors.forbidden(path.key(key), `may not ${key in before ? 'remove or update' : 'add'} ${what}`);
  }
}

function isKept(key: string): boolean {
  return key === mirror || key.startsWith(appArmorAnnotation);
}

type Confined = 'seccomp' | 'apparmor';
interface Profile {
  readonly type: string;
  readonly localhostProfile?: string;
}

/** The old and the new way to confine a pod and its containers say the same (only looked at when a pod is made). */
export function validateProfileAnnotations({ metadata, spec }: Pod, errors: FieldErrors, at: FieldPath): void {
  const { annotations } = metadata;
  if (!annotations || !haveProfiles(annotations)) return;
  const { seccompProfile, appArmorProfile } = spec.securityContext ?? {};
  compare('seccomp', annotations[podSeccomp], seccompProfile, errors, at.child('securityContext', 'seccompProfile'));
  for (const { container, path: here } of containersOf(spec, at)) {
    const { name, securityContext: own } = container;
    const place = here.child('securityContext');
    const seccomp = annotations[containerSeccomp + name];
    compare('seccomp', seccomp, own?.seccompProfile, errors, place.child('seccompProfile'));
    if (spec.os?.name === 'windows') continue;
    const appArmor = annotations[appArmorAnnotation + name];
    compare('apparmor', appArmor, own?.appArmorProfile ?? appArmorProfile, errors, place.child('appArmorProfile'));
  }
}

function compare(
  what: Confined,
  annotation: string | undefined,
  profile: Profile | undefined,
  errors: FieldErrors,
  at: FieldPath,
): void {
  if (annotation === undefined || !profile) return;
  if (typeOf(what, annotation) !== profile.type) {
    errors.forbidden(at.child('type'), `${what} type in annotation and field must match`);
  } else if (profile.type === 'Localhost' && annotation !== `localhost/${profile.localhostProfile ?? ''}`) {
    errors.forbidden(at.child('localhostProfile'), `${what} profile in annotation and field must match`);
  }
}

function typeOf(what: Confined, annotation: string): string {
  if (annotation === 'unconfined') return 'Unconfined';
  if (annotation === 'runtime/default' || (what === 'seccomp' && annotation === 'docker/default'))
    return 'RuntimeDefault';
  return annotation.startsWith('localhost/') ? 'Localhost' : '';
}
