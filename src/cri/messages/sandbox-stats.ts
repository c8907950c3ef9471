import { list, map, message, nested, string } from '#wire';
import { LinuxPodSandboxStats, PodSandboxAttributes } from './stats.ts';
import { WindowsPodSandboxStats } from './windows-stats.ts';

// Usage by sandbox.

/** What a sandbox uses. */
export class PodSandboxStats extends message({
  attributes: nested(1, PodSandboxAttributes),
  linux: nested(2, LinuxPodSandboxStats),
  windows: nested(3, WindowsPodSandboxStats),
}) {}

/** Asks what one sandbox uses. */
export class PodSandboxStatsRequest extends message({
  podSandboxId: string(1),
}) {}

/** What it uses. */
export class PodSandboxStatsResponse extends message({
  stats: nested(1, PodSandboxStats),
}) {}

/** Which sandboxes to measure. */
export class PodSandboxStatsFilter extends message({
  id: string(1),
  /** All of these labels. */
  labelSelector: map(2, string),
}) {}

/** Asks what sandboxes use. */
export class ListPodSandboxStatsRequest extends message({
  filter: nested(1, PodSandboxStatsFilter),
}) {}

/** What they use. */
export class ListPodSandboxStatsResponse extends message({
  stats: list(1, PodSandboxStats),
}) {}

/** Asks what sandboxes use, in portions. */
export class StreamPodSandboxStatsRequest extends message({
  filter: nested(1, PodSandboxStatsFilter),
}) {}

/** A portion of the answer. */
export class StreamPodSandboxStatsResponse extends message({
  podSandboxStats: list(1, PodSandboxStats),
}) {}
