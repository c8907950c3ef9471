import type { Pod } from '#api';
import { latestContainer, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import type { WaitingReason } from '../status/container-statuses.ts';
import { findContainer } from './containers.ts';
import type { NodeServices } from './node-services.ts';
import { crashKey } from './start-container.ts';

export interface NextLookInput {
  readonly pod: Pod;
  readonly status: PodRuntimeStatus;
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  readonly services: Pick<NodeServices, 'clock' | 'random' | 'crashes' | 'images' | 'tokens'>;
  /** When `activeDeadlineSeconds` is over. */
  readonly deadlineMs: number | undefined;
}

/** After a failed pull the back-off is told soon, as upstream's next sync does. */
const afterFailedPullMs = 2000;
/** What else failed to start is tried again at the kubelet's back-off period. */
const retryMs = 10_000;
/** Upstream's `syncFrequency`, and up to half as much again, so that not all look at once (`pkg/kubelet/pod_workers.go` completeWork). */
const resyncMs = 60_000;
const resyncJitter = 0.5;

/**
 * When a worker must look again with no news: the end of a back-off, a token's renewal, the deadline; and in any case after a
 * while, for what nobody tells of.
 */
export function nextLookMs(input: NextLookInput): number {
  const { pod, services, deadlineMs } = input;
  const now = services.clock.now();
  const refreshMs = services.tokens.nextRefreshMs(pod.metadata.uid ?? '');
  const delays = [
    resyncMs * (1 + resyncJitter * services.random.next()),
    ...[...input.waiting.keys()].flatMap((name) => retryDelay(name, input) ?? []),
    ...(refreshMs === undefined ? [] : [refreshMs - now]),
    ...(deadlineMs === undefined ? [] : [deadlineMs - now]),
  ];
  return Math.max(0, Math.min(...delays));
}

function retryDelay(name: string, { pod, status, waiting, services }: NextLookInput): number | undefined {
  const container = findContainer(pod, name);
  if (!container) return undefined;
  switch (waiting.get(name)?.reason) {
    case 'CrashLoopBackOff': {
      const last = latestContainer(status, name);
      return services.crashes.remainingSince(crashKey(pod, container), last?.finishedAtMs ?? 0);
    }
    case 'ImagePullBackOff':
      return services.images.retryDelayMs(pod, container);
    case 'ErrImagePull':
      return afterFailedPullMs;
    default:
      return retryMs;
  }
}
