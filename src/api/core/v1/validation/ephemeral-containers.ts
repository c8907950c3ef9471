import type { FieldErrors, FieldPath } from '#machinery';
import { isTaken, validateContainer, validateImageSpaces, type PodGround } from './containers.ts';

const allowed = new Set([
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  'envFrom',
  'env',
  'volumeMounts',
  'volumeDevices',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'securityContext',
  'stdin',
  'stdinOnce',
  'tty',
  'targetContainerName',
]);
const why = 'cannot be set for an Ephemeral Container';

/** The containers that are added to look into a running pod: the pod must not come to depend on them. */
export function validateEphemeralContainers(ground: PodGround, errors: FieldErrors, path: FieldPath): void {
  const { containers, initContainers = [], ephemeralContainers = [] } = ground.spec;
  const others = [...containers, ...initContainers];
  for (const [at, container] of ephemeralContainers.entries()) {
    const here = path.index(at);
    const { name, targetContainerName: target = '', volumeMounts = [] } = container;
    validateContainer(container, ground, errors, here);
    if (isTaken(name, others) || isTaken(name, ephemeralContainers, at)) errors.duplicate(here.child('name'), name);
    if (target !== '' && !isTaken(target, others)) errors.notFound(here.child('targetContainerName'), target);
    for (const [field, value] of Object.entries(container)) {
      if (!allowed.has(field) && !isNothing(value)) errors.forbidden(here.child(field), why);
    }
    for (const [index, { subPath, subPathExpr }] of volumeMounts.entries()) {
      const mount = here.child('volumeMounts').index(index);
      if (subPath) errors.forbidden(mount.child('subPath'), why);
      if (subPathExpr) errors.forbidden(mount.child('subPathExpr'), why);
    }
  }
  validateImageSpaces(ephemeralContainers, errors, path);
}

/** A struct that Go holds by value is there even when nobody set it. */
function isNothing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
