import type { Component } from '#base';
import { pods, type Pod } from '#api';
import { Controller, type Informer } from '#client';
import { isDeleting, isStatusError, keyOf, nameOf, namespaceOf, parseTime } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { conditionOf, withCondition } from '../objects.ts';
import { isPodEnded } from '../pods.ts';

/** A pod that is marked as disrupted and not deleted within this time is not going to be. */
const staleMs = 2 * 60_000;

/** Takes back the mark of pods that were to be disrupted, and never were (`syncStalePodDisruption`). */
export function staleMarks({ client, clock, log }: ControllerContext, informer: Informer<Pod>): Component {
  const controller: Controller = new Controller({
    name: 'stale-pod-disruption',
    waitFor: [informer],
    clock,
    log,
    reconcile: async (key) => {
      const pod = informer.lister.get(key);
      const markedMs = pod && markedSinceMs(pod);
      if (!pod || markedMs === undefined) return;
      const leftMs = markedMs + staleMs - clock.now();
      if (leftMs > 0) return controller.queue.addAfter(key, leftMs);
      const unmarked = { type: 'DisruptionTarget', status: 'False', lastTransitionTime: '' } as const;
      const { uid, resourceVersion } = pod.metadata;
      const patch = {
        metadata: { uid, resourceVersion },
        status: { conditions: withCondition(pod.status.conditions, unmarked, clock) },
      };
      try {
        await client.of(pods).in(namespaceOf(pod)).patch(nameOf(pod), patch, { subresource: 'status' });
      } catch (error) {
        if (!isStatusError(error, 'NotFound')) throw error;
      }
    },
  });
  const look = (pod: Pod): void => {
    if (markedSinceMs(pod) !== undefined) controller.queue.add(keyOf(pod));
  };
  informer.on({ added: look, updated: (_, pod) => look(pod), deleted: () => {} });
  return controller;
}

/** Since when a pod that still runs is marked; what its kubelet has marked may take its time. */
function markedSinceMs(pod: Pod): number | undefined {
  const mark = conditionOf(pod.status.conditions, 'DisruptionTarget');
  const isStanding = mark?.status === 'True' && mark.reason !== 'TerminationByKubelet';
  if (!isStanding || isDeleting(pod) || isPodEnded(pod)) return undefined;
  return mark.lastTransitionTime ? parseTime(mark.lastTransitionTime) : 0;
}
