import type { Pod } from '#api';
import { podQos } from './qos.ts';

/** The cgroup of a pod below the node's own: `kubepods/burstable/pod<uid>`; guaranteed pods stand directly in `kubepods`. */
export function podCgroupPath(root: string, pod: Pod): string {
  const qos = podQos(pod);
  const tier = qos === 'Guaranteed' ? '' : `/${qos.toLowerCase()}`;
  return `${root === '/' ? '' : root}/kubepods${tier}/pod${pod.metadata.uid}`;
}
