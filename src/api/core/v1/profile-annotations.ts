import { appArmorAnnotation } from './app-armor.ts';

/** What confined a pod before there was a field for it. */
export const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
/** As much for a container: this and its name. */
export const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';

/** Whether annotations confine a pod or any of its containers; hardly any do today. */
export function haveProfiles(annotations: Readonly<Record<string, string>>): boolean {
  return Object.keys(annotations).some(
    (key) => key === podSeccomp || key.startsWith(containerSeccomp) || key.startsWith(appArmorAnnotation),
  );
}
