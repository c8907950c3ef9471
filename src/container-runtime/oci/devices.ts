import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device } from '#cri';
import type { DeviceRule, SpecDevice } from './types.ts';

export interface Devices {
  devices: SpecDevice[];
  rules: DeviceRule[];
}

/** No device but those that every container gets (null, zero, random, tty, ...), which the OCI runtime adds by itself. */
const denyAll: DeviceRule = { allow: false, access: 'rwm' };

/** The devices a container is given; a folder of devices gives all in it. */
export async function givenDevices(wanted: readonly Device[]): Promise<Devices> {
  const found = await Promise.all(wanted.map((device) => expand(device)));
  return { devices: found.flatMap(({ devices }) => devices), rules: [denyAll, ...found.flatMap(({ rules }) => rules)] };
}

/** All devices of the machine, for a privileged container. */
export async function allDevices(): Promise<Devices> {
  const devices = await devicesBelow('/dev', '/dev');
  return { devices, rules: [{ allow: true, access: 'rwm' }] };
}

async function expand(device: Device): Promise<Devices> {
  const source = await realpath(device.hostPath);
  const target = device.containerPath || device.hostPath;
  const devices = (await lstat(source)).isDirectory()
    ? await devicesBelow(source, target)
    : await deviceAt(source, target);
  if (devices.length === 0) throw new Error(`not a device node: "${device.hostPath}"`);
  const access = device.permissions || 'rwm';
  return { devices, rules: devices.map(({ type, major, minor }) => ({ allow: true, type, major, minor, access })) };
}

/** What the runtime mounts or makes itself under /dev. */
const skipped = new Set(['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev', 'console']);

async function devicesBelow(source: string, target: string): Promise<SpecDevice[]> {
  const entries = await readdir(source, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => !skipped.has(entry.name) && !entry.isSymbolicLink())
      .map((entry) => {
        const [from, to] = [join(source, entry.name), join(target, entry.name)];
        if (entry.isDirectory()) return devicesBelow(from, to);
        return deviceAt(from, to);
      }),
  );
  return found.flat();
}

async function deviceAt(source: string, target: string): Promise<SpecDevice[]> {
  const status = await stat(source);
  if (!status.isCharacterDevice() && !status.isBlockDevice()) return [];
  const type = status.isBlockDevice() ? 'b' : 'c';
  const { major, minor } = splitDevice(status.rdev);
  return [{ path: target, type, major, minor, fileMode: status.mode & 0o777, uid: status.uid, gid: status.gid }];
}

function splitDevice(device: number): { major: number; minor: number } {
  return { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) };
}
