import type { Component } from '#base';
import {
  persistentVolumeClaims,
  persistentVolumes,
  volumeAttributesClasses,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '#api';
import type { ControllerContext } from '../context.ts';
import { protectionController } from './protection.ts';

/** A volume is in use while it is bound to a claim (`pkg/controller/volume/pvprotection`). */
export function volumeProtection({ client, informers, clock, log }: ControllerContext): Component {
  return protectionController({
    name: 'pv-protection',
    resource: persistentVolumes,
    finalizer: 'kubernetes.io/pv-protection',
    protected: informers.of(persistentVolumes),
    isUsed: ({ status }) => status.phase === 'Bound',
    client,
    clock,
    log,
  });
}

/** A class of attributes is in use while a volume has it, or is to have it (`pkg/controller/volume/vacprotection`). */
export function attributesClassProtection({ client, informers, clock, log }: ControllerContext): Component {
  const volumes = informers.of(persistentVolumes);
  const claims = informers.of(persistentVolumeClaims);
  volumes.addIndex(byClass, (volume) => classesOfVolume(volume));
  claims.addIndex(byClass, (claim) => classesOfClaim(claim));
  const controller = protectionController({
    name: 'vac-protection',
    resource: volumeAttributesClasses,
    finalizer: 'kubernetes.io/vac-protection',
    protected: informers.of(volumeAttributesClasses),
    waitFor: [volumes, claims],
    isUsed: ({ metadata: { name = '' } }) =>
      volumes.byIndex(byClass, name).length > 0 || claims.byIndex(byClass, name).length > 0,
    client,
    clock,
    log,
  });
  const look = (names: readonly string[]): void => names.forEach((name) => controller.queue.add(name));
  volumes.on({
    updated: (old) => look(classesOfVolume(old)),
    deleted: (volume) => look(classesOfVolume(volume)),
  });
  claims.on({ updated: (old) => look(classesOfClaim(old)), deleted: (claim) => look(classesOfClaim(claim)) });
  return controller;
}

const byClass = 'volume-attributes-class';

function classesOfVolume({ spec }: PersistentVolume): string[] {
  return spec.volumeAttributesClassName ? [spec.volumeAttributesClassName] : [];
}

function classesOfClaim({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
    status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name) => name !== undefined && name !== '') as string[]; // the others are left out
}
