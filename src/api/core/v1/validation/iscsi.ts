import type { FieldErrors, FieldPath } from '#machinery';
import type { ISCSIVolumeSource } from '../in-tree-volumes.ts';
import type { ISCSIPersistentVolumeSource } from '../persistent-volume-sources.ts';

type Disk = ISCSIVolumeSource | ISCSIPersistentVolumeSource;

/** What a name may look like, by how it begins; upstream asks only that the first ends as one. */
const iscsiNames: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

/** An iSCSI disk; `unknownStart` is said of a name that begins as none. */
export function validateIscsi(disk: Disk, unknownStart: string, errors: FieldErrors, path: FieldPath): void {
  const { iqn, lun, initiatorName, secretRef } = disk;
  if (iqn !== '') validateName(iqn, unknownStart, errors, path.child('iqn'));
  if (lun < 0 || lun > 255) errors.invalid(path.child('lun'), lun, 'must be between 0 and 255, inclusive');
  if ((disk.chapAuthDiscovery || disk.chapAuthSession) && !secretRef) errors.required(path.child('secretRef'));
  if (initiatorName !== undefined) validateName(initiatorName, unknownStart, errors, path.child('initiatorname'));
}

function validateName(name: string, unknownStart: string, errors: FieldErrors, path: FieldPath): void {
  const form = iscsiNames[name.slice(0, 3)];
  if (!form) errors.invalid(path, name, unknownStart);
  else if (!form.test(name)) errors.invalid(path, name, 'must be valid format');
}

const maxLength = 64;

/** The kernel's name of a session is made of the volume's name and the portal; `shown` is the value that is told. */
export function validateIscsiLength(
  { initiatorName, targetPortal }: Disk,
  volume: string,
  shown: string,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (initiatorName === undefined || Buffer.byteLength(`${volume}:${targetPortal}`) <= maxLength) return;
  const why =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  errors.invalid(path, shown, why);
}
