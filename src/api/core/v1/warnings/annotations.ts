import { isEqualJson, type FieldPath, type Warnings } from '#machinery';
import type { PodTemplateSpec } from '../pod.ts';
import { appArmorAnnotation, appArmorProfileOf } from '../app-armor.ts';
import { containerSeccomp, podSeccomp } from '../profile-annotations.ts';

type Annotations = Readonly<Record<string, string>>;

const deprecated: readonly [key: string, message: string][] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

/** Annotations that say nothing any more. */
export function warnOfAnnotations(annotations: Annotations, warnings: Warnings, path: FieldPath): void {
  for (const [key, message] of deprecated) if (key in annotations) warnings.at(path.key(key), message);
}

const seccompMessage = 'non-functional in v1.27+; use the "seccompProfile" field instead';

type Template = Pick<PodTemplateSpec, 'metadata' | 'spec'>;
type Secured = Pick<PodTemplateSpec['spec']['containers'][number], 'name' | 'securityContext'>;

/** What confined a pod before there were fields for it. */
export function warnOfPodProfiles({ metadata, spec }: Template, warnings: Warnings, path: FieldPath): void {
  const { annotations = {} } = metadata;
  if (podSeccomp in annotations && !spec.securityContext?.seccompProfile) {
    warnings.at(path.key(podSeccomp), seccompMessage);
  }
}

/** What confined a container before there were fields for it. Of pods, unlike templates, AppArmor's is heeded. */
export function warnOfContainerProfiles(
  { name, securityContext }: Secured,
  { metadata, spec }: Template,
  isTemplate: boolean,
  warnings: Warnings,
  path: FieldPath,
): void {
  const { annotations = {} } = metadata;
  const [seccomp, appArmor] = [containerSeccomp + name, appArmorAnnotation + name];
  if (seccomp in annotations && !securityContext?.seccompProfile) warnings.at(path.key(seccomp), seccompMessage);
  const profile = annotations[appArmor];
  if (profile === undefined || !isTemplate || securityContext?.appArmorProfile) return;
  const podProfile = spec.securityContext?.appArmorProfile;
  if (podProfile && isEqualJson(podProfile, appArmorProfileOf(profile))) return;
  warnings.at(path.key(appArmor), 'deprecated since v1.30; use the "appArmorProfile" field instead');
}
