import type { Pod, PodCondition } from '#api';
import { formatTime } from '#machinery';

/** Why a pod has no node: nothing fits, or something broke while it was tried. */
export type UnscheduledReason = 'Unschedulable' | 'SchedulerError';

/** What an event may say (`NoteLengthLimit`). */
const maxNoteBytes = 1024;

/**
 * The condition `PodScheduled` of a pod that has no node; undefined when its status says so already, so that it is
 * written once for each reason.
 */
export function unscheduled(
  { metadata: { generation }, status }: Pod,
  reason: UnscheduledReason,
  message: string,
  nowMs: number,
): PodCondition | undefined {
  const known = status.conditions?.find(({ type }) => type === 'PodScheduled');
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const same = known?.reason === reason && known.message === message && known.observedGeneration === generation;
  if (known?.status === 'False' && same) return undefined;
  const since = known?.status === 'False' ? known.lastTransitionTime : undefined;
  const lastTransitionTime = since ?? formatTime(nowMs);
  return { type: 'PodScheduled', status: 'False', reason, message, ...observed, lastTransitionTime };
}

/** A message as an event can carry it. */
export function shortened(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= maxNoteBytes) return message;
  const suffix = ' ...';
  // A character that was cut in two decodes to U+FFFD.
  return (
    bytes
      .subarray(0, maxNoteBytes - suffix.length)
      .toString()
      .replace(/\uFFFD+$/, '') + suffix
  );
}
