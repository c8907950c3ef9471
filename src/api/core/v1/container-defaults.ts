import type { Container } from './container.ts';
import type { EnvVar } from './env.ts';
import type { EphemeralContainer } from './ephemeral-container.ts';
import type { HTTPGetAction, LifecycleHandler, Probe } from './probe.ts';

/** Fills in what a container leaves unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setContainerDefaults(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ||= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent';
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  for (const one of container.env ?? []) setEnvDefaults(one);
  setProbeDefaults(container.livenessProbe);
  setProbeDefaults(container.readinessProbe);
  setProbeDefaults(container.startupProbe);
  setHandlerDefaults(container.lifecycle?.postStart);
  setHandlerDefaults(container.lifecycle?.preStop);
}

/** Whether an image is named by the tag `latest`, or by nothing: then its tag may move at any time. */
export function isLatest(image: string): boolean {
  if (!isImageName(image)) return false;
  const [name = '', digest] = image.split('@');
  const [, tag] = /:([^:/]+)$/.exec(name) ?? [];
  return tag === undefined ? digest === undefined : tag === 'latest';
}

/** What is no name of an image has no tag either. */
function isImageName(image: string): boolean {
  const [tagged = ''] = image.split('@');
  return tagged.replace(/:[^/:]*$/, '').length <= maxNameLength && imageName.test(image);
}

/** `NameTotalLengthMax` of github.com/distribution/reference. */
const maxNameLength = 255;
const path = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const host = '(?:[A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+\\])(?::\\d+)?/';
const imageName = new RegExp(
  `^(?:${host})?${path}(?:/${path})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][\\w+.-]*:[0-9a-fA-F]{32,})?$`,
);

function setEnvDefaults({ valueFrom }: EnvVar): void {
  if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= 'v1';
}

function setProbeDefaults(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHttpGetDefaults(probe.httpGet);
}

function setHandlerDefaults(handler: LifecycleHandler | undefined): void {
  setHttpGetDefaults(handler?.httpGet);
}

function setHttpGetDefaults(action: HTTPGetAction | undefined): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}
