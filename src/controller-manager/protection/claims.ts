import type { Component } from '#base';
import { persistentVolumeClaims, pods, type PersistentVolumeClaim, type Pod } from '#api';
import { isControlledBy, joinKey, keyOf, nameOf, namespaceOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { isPodEnded } from '../pods.ts';
import { protectionController } from './protection.ts';

const byClaim = 'claim';

/** A claim is in use while a pod that has a node mounts it (`pkg/controller/volume/pvcprotection`). */
export function claimProtection({ client, informers, clock, log }: ControllerContext): Component {
  const known = informers.of(pods);
  known.addIndex(byClaim, claimsOf);
  const controller = protectionController({
    name: 'pvc-protection',
    resource: persistentVolumeClaims,
    finalizer: 'kubernetes.io/pvc-protection',
    protected: informers.of(persistentVolumeClaims),
    waitFor: [known],
    async isUsed(claim) {
      if (known.byIndex(byClaim, keyOf(claim)).some((pod) => uses(pod, claim))) return true;
      // A pod that got its node a moment ago may not be known here yet, and must not lose its volume.
      const { items } = await client.of(pods).in(namespaceOf(claim)).list();
      return items.some((pod) => uses(pod, claim));
    },
    client,
    clock,
    log,
  });
  const look = (pod: Pod): void => claimsOf(pod).forEach((key) => controller.queue.add(key));
  known.on({
    updated: (old, pod) => {
      if (old.metadata.uid !== pod.metadata.uid) look(old);
      if (isPodEnded(pod) || !pod.spec.nodeName) look(pod);
    },
    deleted: look,
  });
  return controller;
}

/** The keys of the claims that a pod may use: those that it names, and those that are made for it. */
function claimsOf(pod: Pod): string[] {
  const names = (pod.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim: claim, ephemeral }) => {
    if (claim) return [claim.claimName];
    return ephemeral ? [`${nameOf(pod)}-${name}`] : [];
  });
  return names.map((name) => joinKey(namespaceOf(pod), name));
}

/** Kubelets start no pod on a claim that is to be deleted, so that one without a node does not count. */
function uses(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec.nodeName) return false;
  return (pod.spec.volumes ?? []).some(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return persistentVolumeClaim.claimName === nameOf(claim);
    const isOwn = ephemeral !== undefined && `${nameOf(pod)}-${name}` === nameOf(claim) && isControlledBy(claim, pod);
    return isOwn && !isShutDown(pod);
  });
}

/** Its kubelet is done with it, or was not asked. */
function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}
