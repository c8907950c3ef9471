import type { AppArmorProfile } from './security-context.ts';

/** What confined a container before there was a field for it: this and the container's name. */
export const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

/** The profile that an annotation names (`ApparmorFieldForAnnotation` of `pkg/api/pod/util.go`). */
export function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const [, localhostProfile] = /^localhost\/(.+)$/.exec(annotation) ?? [];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}
