import { mkdir, open, realpath, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Container, Pod } from '#api';
import { hasCode } from '#base';
import { Mount } from '#cri';
import { expandStrictly } from '../env/expand.ts';
import type { Volume, VolumePaths } from './volume-manager.ts';

export interface MountContext {
  readonly paths: VolumePaths;
  readonly environment: ReadonlyMap<string, string>;
}

type VolumeMount = NonNullable<Container['volumeMounts']>[number];

/**
 * The volumes of a container as mounts for the runtime.
 * @throws Error in the kubelet's words, which becomes a `CreateContainerConfigError`
 */
export async function containerMounts(pod: Pod, container: Container, context: MountContext): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name);
    const root = context.paths.get(mount.name);
    if (!volume || root === undefined)
      throw new Error(
        `cannot find volume ${JSON.stringify(mount.name)} to mount into container ${JSON.stringify(container.name)}`,
      );
    const subPath = subPathOf(mount, context.environment);
    const hostPath = subPath === '' ? root : await resolveSubPath(root, subPath, mount, container);
    mounts.push(
      Mount.of({
        containerPath: mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`,
        hostPath,
        readonly: mount.readOnly === true || isReadOnly(volume),
        recursiveReadOnly: mount.readOnly === true && mount.recursiveReadOnly === 'Enabled',
        propagation: propagationOf(mount),
      }),
    );
  }
  return mounts;
}

/** What shows API data is never written by containers. */
function isReadOnly(volume: Volume): boolean {
  return Boolean(volume.configMap ?? volume.secret ?? volume.downwardAPI ?? volume.projected);
}

function propagationOf(mount: VolumeMount): Mount['propagation'] {
  if (mount.mountPropagation === 'Bidirectional') return 'PROPAGATION_BIDIRECTIONAL';
  return mount.mountPropagation === 'HostToContainer' ? 'PROPAGATION_HOST_TO_CONTAINER' : 'PROPAGATION_PRIVATE';
}

function subPathOf(mount: VolumeMount, environment: ReadonlyMap<string, string>): string {
  const subPath = mount.subPathExpr ? expandStrictly(mount.subPathExpr, environment) : (mount.subPath ?? '');
  if (subPath === '') return '';
  if (subPath.startsWith('/')) throw new Error(`error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split('/').includes('..'))
    throw new Error(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  return subPath;
}

/** The place of a sub path, links resolved; makes a directory where there is nothing. It may not lead out of the volume. */
async function resolveSubPath(
  root: string,
  subPath: string,
  mount: VolumeMount,
  container: Container,
): Promise<string> {
  const where = `volumeMount ${JSON.stringify(mount.name)} of container ${JSON.stringify(container.name)}`;
  const base = await realpath(root);
  const wanted = normalize(join(base, subPath));
  try {
    return inside(base, await realpath(wanted));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw new Error(`failed to prepare subPath for ${where}`, { cause: error });
  }
  try {
    await assertParentInside(base, wanted);
    await mkdir(wanted, { recursive: true, mode: (await stat(base)).mode & 0o777 });
    return inside(base, await realpath(wanted));
  } catch (error) {
    throw new Error(`failed to create subPath directory for ${where}`, { cause: error });
  }
}

/** The nearest ancestor that exists must lie in the volume, or a link would let `mkdir` work outside. */
async function assertParentInside(base: string, path: string): Promise<void> {
  for (let at = dirname(path); ; at = dirname(at)) {
    try {
      inside(base, await realpath(at));
      return;
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

function inside(base: string, path: string): string {
  if (path !== base && !path.startsWith(`${base}/`))
    throw new Error(`subpath ${path} is outside of the volume ${base}`);
  return path;
}

/** The file that takes a container's last words; one for each incarnation. */
export async function terminationLogMount(podDirectory: string, container: Container, id: string): Promise<Mount> {
  const hostPath = join(podDirectory, 'containers', container.name, id);
  await mkdir(dirname(hostPath), { recursive: true });
  const file = await open(hostPath, 'w', 0o666);
  await file.chmod(0o666); // whoever the container runs as may write
  await file.close();
  return Mount.of({ hostPath, containerPath: container.terminationMessagePath ?? '/dev/termination-log' });
}
