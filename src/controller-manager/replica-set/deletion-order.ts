import type { Pod } from '#api';
import { parseTime, uidOf } from '#machinery';
import { isPodReady, readySinceMs } from '../pods.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The pods to delete when some must go: the least useful first. A pod without a node before one with, waiting before
 * running, not ready before ready, cheap before dear, crowded before alone on its node, young before old, often restarted
 * before stable (`pkg/controller/controller_utils.go`, ActivePodsWithRanks).
 * `related` are the pods of all replica sets of the same owner: they make a node crowded.
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, nowMs: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const crowds = countByNode(related);
  const ranked = pods.map((pod) => ({ pod, rank: rankOf(pod, crowds, nowMs) }));
  return ranked
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .slice(0, count)
    .map(({ pod }) => pod);
}

/** Compared from left to right, the smaller goes first. */
type Rank = readonly (number | string)[];

function rankOf(pod: Pod, crowds: ReadonlyMap<string, number>, nowMs: number): Rank {
  const node = pod.spec.nodeName ?? '';
  const readyMs = readySinceMs(pod);
  return [
    node === '' ? 0 : 1,
    phaseRank[pod.status.phase ?? ''] ?? 0,
    isPodReady(pod) ? 1 : 0,
    deletionCost(pod),
    -(crowds.get(node) ?? 0),
    ageBucket(readyMs, nowMs),
    -mostRestarts(pod),
    ageBucket(createdMs(pod), nowMs),
    uidOf(pod),
  ];
}

function compareRanks(a: Rank, b: Rank): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Ages are compared by their logarithm, so that among pods of about the same age chance (the uid) decides. */
function ageBucket(sinceMs: number | undefined, nowMs: number): number {
  if (sinceMs === undefined) return -1;
  const age = Math.max(nowMs - sinceMs, 0) * 1e6; // nanoseconds, as upstream
  return age === 0 ? 0 : Math.floor(Math.log2(age)) + 1;
}

function createdMs({ metadata }: Pod): number | undefined {
  return metadata.creationTimestamp ? parseTime(metadata.creationTimestamp) : undefined;
}

function mostRestarts({ status }: Pod): number {
  const restarts = (status.containerStatuses ?? []).map((one) => one.restartCount ?? 0);
  return Math.max(0, ...restarts);
}

/** Anything but a plain 32-bit integer counts as no cost. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[costAnnotation] ?? '0';
  return /^(?:0|-?[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
}

function countByNode(pods: readonly Pod[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of pods) {
    if (spec.nodeName) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  }
  return counts;
}
