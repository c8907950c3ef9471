import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from '#api';
import { messageOf, type Clock } from '#base';
import { Quantity } from '#machinery';
import type { ContainerEvents } from '../pods/events.ts';
import { writeAtomically } from './atomic-writer.ts';
import { setVolumeOwnership } from './fs-group.ts';
import { prepareHostPath } from './host-path.ts';
import type { Mounter } from './mounter.ts';
import { isProjection, volumePayload, type PayloadContext } from './payloads.ts';

export type Volume = NonNullable<Pod['spec']['volumes']>[number];

/** Where the volumes of a pod are on the host, by volume name. */
export type VolumePaths = ReadonlyMap<string, string>;

export interface VolumeManagerOptions {
  /** Where pods have their directories. */
  readonly rootDirectory: string;
  /** A directory in memory for what should not reach a disk: secrets and tokens. */
  readonly memoryDirectory: string;
  readonly mounter: Mounter;
  readonly clock: Clock;
}

/** Prepares volumes on the host, keeps their content up to date, and takes them down. */
export class VolumeManager {
  readonly #options: VolumeManagerOptions;
  /** Volumes that are prepared, by pod: only projections need another look. */
  readonly #ready = new Map<string, Map<string, string>>();

  constructor(options: VolumeManagerOptions) {
    this.#options = options;
  }

  /** `<root>/pods/<uid>`. */
  podDirectory(uid: string): string {
    return join(this.#options.rootDirectory, 'pods', uid);
  }

  /**
   * Makes all volumes of the pod ready, with their current content.
   * @throws Error when one is not, after a `FailedMount` event for each
   */
  async prepare(pod: Pod, context: PayloadContext, events: ContainerEvents): Promise<VolumePaths> {
    const uid = pod.metadata.uid ?? '';
    const ready = this.#ready.get(uid) ?? new Map<string, string>();
    this.#ready.set(uid, ready);
    const failures: string[] = [];
    for (const volume of pod.spec.volumes ?? []) {
      try {
        const known = ready.get(volume.name);
        if (known === undefined || isProjection(volume))
          ready.set(volume.name, await this.#setUp(pod, volume, context));
      } catch (error) {
        const told = `MountVolume.SetUp failed for volume "${volume.name}" : ${messageOf(error)}`;
        events.warning('FailedMount', told);
        failures.push(told);
      }
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
    return ready;
  }

  /** Unmounts and removes everything of the pod. */
  async tearDown(pod: Pod): Promise<void> {
    const uid = pod.metadata.uid ?? '';
    const { mounter, memoryDirectory } = this.#options;
    for (const volume of pod.spec.volumes ?? []) {
      const path = this.#pathOf(uid, volume);
      if (volume.emptyDir?.medium === 'Memory' && (await mounter.isMountPoint(path))) await mounter.unmount(path);
    }
    this.#ready.delete(uid);
    await rm(this.podDirectory(uid), { recursive: true, force: true });
    await rm(join(memoryDirectory, 'pods', uid), { recursive: true, force: true });
  }

  /** Removes what is left of a pod of which only the uid is known. */
  async removeOrphan(uid: string): Promise<void> {
    const { mounter, memoryDirectory } = this.#options;
    const directories = [this.podDirectory(uid), join(memoryDirectory, 'pods', uid)];
    const emptyDirs = join(this.podDirectory(uid), 'volumes', 'kubernetes.io~empty-dir');
    for (const name of await readdir(emptyDirs).catch(() => [])) {
      const path = join(emptyDirs, name);
      if (await mounter.isMountPoint(path)) await mounter.unmount(path);
    }
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  }

  #pathOf(uid: string, volume: Volume): string {
    const plugin = pluginOf(volume);
    const inMemory = volume.secret !== undefined || volume.projected !== undefined;
    const root = inMemory ? this.#options.memoryDirectory : this.#options.rootDirectory;
    return join(root, 'pods', uid, 'volumes', `kubernetes.io~${plugin}`, volume.name);
  }

  async #setUp(pod: Pod, volume: Volume, context: PayloadContext): Promise<string> {
    if (volume.hostPath) {
      await prepareHostPath(volume.hostPath.path, volume.hostPath.type ?? '');
      return volume.hostPath.path;
    }
    const path = this.#pathOf(pod.metadata.uid ?? '', volume);
    if (volume.emptyDir) await this.#emptyDir(path, volume.emptyDir);
    else if (isProjection(volume)) return this.#projection(pod, volume, path, context);
    else throw new Error(`no volume plugin matched name: ${volume.name}`);
    await this.#own(pod, path, false);
    return path;
  }

  async #emptyDir(path: string, source: NonNullable<Volume['emptyDir']>): Promise<void> {
    const { mounter } = this.#options;
    await mkdir(path, { recursive: true });
    if (source.medium === 'Memory' && !(await mounter.isMountPoint(path))) {
      const size = source.sizeLimit ? Quantity.parse(source.sizeLimit).value() : 0;
      await mounter.tmpfs(path, size > 0 ? `size=${size}` : '');
    } else if (source.medium && source.medium !== 'Memory') {
      throw new Error(`unknown storage medium ${JSON.stringify(source.medium)}`);
    }
    await chmod(path, 0o777); // anyone in the pod may write, whatever user it runs as
  }

  async #projection(pod: Pod, volume: Volume, path: string, context: PayloadContext): Promise<string> {
    const payload = await volumePayload(volume, context);
    await mkdir(path, { recursive: true });
    await chmod(path, 0o777);
    const changed = await writeAtomically(path, payload, this.#options.clock.now());
    if (changed) await this.#own(pod, path, true);
    return path;
  }

  async #own(pod: Pod, path: string, readOnly: boolean): Promise<void> {
    const { fsGroup, fsGroupChangePolicy } = pod.spec.securityContext ?? {};
    if (fsGroup === undefined) return;
    const onlyOnMismatch = fsGroupChangePolicy === 'OnRootMismatch' && !readOnly;
    await setVolumeOwnership(path, { group: fsGroup, readOnly, onlyOnMismatch });
  }
}

function pluginOf(volume: Volume): string {
  if (volume.emptyDir) return 'empty-dir';
  if (volume.configMap) return 'configmap';
  if (volume.secret) return 'secret';
  if (volume.downwardAPI) return 'downward-api';
  return 'projected';
}
