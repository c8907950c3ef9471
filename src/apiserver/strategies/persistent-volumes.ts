import type { PersistentVolume, PersistentVolumeStatus } from '#api';
import type { Clock } from '#base';
import { formatTime } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { keepSpec, keepStatus } from './spec-and-status.ts';

/** PersistentVolumes, whose status tells since when they are in their phase (`pkg/registry/core/persistentvolume`). */
export function persistentVolumeStrategy(clock: Clock): Strategy<PersistentVolume> {
  return {
    answersObject: true,
    prepareForCreate(volume) {
      volume.status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(clock.now()) };
    },
    prepareForUpdate: keepStatus,
    subresources: {
      status: (store) =>
        store.partial('status', {
          validatesObject: false,
          prepareForUpdate(volume, old) {
            keepSpec(volume, old);
            stampPhase(volume.status, old.status, () => formatTime(clock.now()));
          },
        }),
    },
  };
}

/** Who changes the phase need not tell when. */
function stampPhase(status: PersistentVolumeStatus, old: PersistentVolumeStatus, now: () => string): void {
  const { lastPhaseTransitionTime: told } = status;
  const { lastPhaseTransitionTime: before } = old;
  if (status.phase !== old.phase) {
    if (told === undefined || told === before) status.lastPhaseTransitionTime = now();
  } else if (told === undefined && before !== undefined) status.lastPhaseTransitionTime = before;
}
