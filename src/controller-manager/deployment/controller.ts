import type { Component } from '#base';
import { deployments, pods, replicaSets, type Deployment, type Pod, type ReplicaSet } from '#api';
import { Controller, type Informer } from '#client';
import {
  controllerOf,
  joinKey,
  keyOf,
  nameOf,
  namespaceOf,
  ownerReferenceTo,
  parseTime,
  selectorOf,
  uidOf,
} from '#machinery';
import { claim } from '../adoption.ts';
import type { ControllerContext } from '../context.ts';
import { copyWith } from '../objects.ts';
import { indexByController, owned, ownedOrOrphaned } from '../pods.ts';
import { deadlineMs, hasDeadline, isComplete, progressingOf } from './conditions.ts';
import { isScalingEvent } from './plan.ts';
import { report } from './replica-set-control.ts';
import { familyOf } from './replica-sets.ts';
import { recreate, rollingUpdate, syncScale, syncStatusOnly } from './rollout.ts';

/**
 * Rolls a Deployment's template out: one ReplicaSet a template, grown and shrunk step by step until the present one has
 * all pods (`pkg/controller/deployment`).
 */
export class DeploymentController implements Component {
  readonly #context: ControllerContext;
  readonly #deployments: Informer<Deployment>;
  readonly #replicaSets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #controller: Controller;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#deployments = context.informers.of(deployments);
    this.#replicaSets = context.informers.of(replicaSets);
    this.#pods = context.informers.of(pods);
    indexByController(this.#replicaSets);
    indexByController(this.#pods);
    this.#controller = new Controller({
      name: 'deployment',
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#deployments, this.#replicaSets, this.#pods],
      clock: context.clock,
      log: context.log,
    });
    const enqueue = (deployment: Deployment): void => this.#controller.queue.add(keyOf(deployment));
    this.#deployments.on({ added: enqueue, updated: (_, after) => enqueue(after), deleted: enqueue });
    this.#replicaSets.on({
      added: (set) => this.#replicaSetNews(set),
      updated: (before, set) => {
        if (controllerOf(before)?.uid !== controllerOf(set)?.uid) this.#replicaSetNews(before);
        this.#replicaSetNews(set);
      },
      deleted: (set) => this.#replicaSetNews(set),
    });
    this.#pods.on({ deleted: (pod) => this.#podDeleted(pod) });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#controller.run(signal);
  }

  /** A set's owner looks at it; a set without one is offered to whose selector means it. */
  #replicaSetNews(set: ReplicaSet): void {
    const reference = controllerOf(set);
    if (reference) {
      if (reference.kind === deployments.kindName)
        this.#controller.queue.add(joinKey(namespaceOf(set), reference.name));
      return;
    }
    for (const deployment of this.#deployments.lister.inNamespace(namespaceOf(set))) {
      if (selectorOf(deployment.spec.selector).matches(set.metadata.labels))
        this.#controller.queue.add(keyOf(deployment));
    }
  }

  /** With Recreate the end of the last old pod is what the new ones wait for. */
  #podDeleted(pod: Pod): void {
    const reference = controllerOf(pod);
    if (reference?.kind !== replicaSets.kindName) return;
    const set = this.#replicaSets.lister.get(joinKey(namespaceOf(pod), reference.name));
    const owner = set && controllerOf(set);
    if (!owner) return;
    const deployment = this.#deployments.lister.get(joinKey(namespaceOf(pod), owner.name));
    if (deployment?.spec.strategy?.type !== 'Recreate') return;
    const siblings = owned(this.#replicaSets, uidOf(deployment));
    const left = siblings.some((sibling) => owned(this.#pods, uidOf(sibling)).length > 0);
    if (!left) this.#controller.queue.add(keyOf(deployment));
  }

  async #reconcile(key: string): Promise<void> {
    const known = this.#deployments.lister.get(key);
    if (!known) return;
    if (selectorOf(known.spec.selector).empty) return this.#refuse(known);
    const sets = await this.#claim(known);
    if (known.metadata.deletionTimestamp !== undefined) {
      return syncStatusOnly({ deployment: known, family: familyOf(known, sets) }, this.#context);
    }
    const deployment = await this.#reportPause(known);
    const round = { deployment, family: familyOf(deployment, sets) };
    if (deployment.spec.paused || isScalingEvent(deployment, round.family)) return syncScale(round, this.#context);
    const isRecreate = deployment.spec.strategy?.type === 'Recreate';
    const rolling = isRecreate ? recreate(round, this.#pods, this.#context) : rollingUpdate(round, this.#context);
    this.#comeBackAtDeadline(key, await rolling);
  }

  /** Validation lets no such deployment in; upstream guards against it all the same. */
  async #refuse(deployment: Deployment): Promise<void> {
    const { events, client } = this.#context;
    const message = 'This deployment is selecting all pods. A non-empty selector is required.';
    events.event(deployment, 'Warning', 'SelectingAll', message);
    const observedGeneration = deployment.metadata.generation;
    if (deployment.status.observedGeneration === observedGeneration) return;
    const status = copyWith(deployment.status, { observedGeneration });
    await client.of(deployments).updateStatus(copyWith(deployment, { status }));
  }

  #claim(deployment: Deployment): Promise<ReplicaSet[]> {
    const { client } = this.#context;
    const live = client.of(deployments).in(namespaceOf(deployment));
    return claim({
      owner: deployment,
      reference: ownerReferenceTo(deployment, deployments),
      candidates: ownedOrOrphaned(this.#replicaSets, deployment),
      selector: selectorOf(deployment.spec.selector),
      calls: client.of(replicaSets),
      readOwner: () => live.get(nameOf(deployment)),
    });
  }

  /** A pause stops the progress clock: it is told as a condition, so that the deadline starts anew when it ends. */
  async #reportPause(deployment: Deployment): Promise<Deployment> {
    const progressing = progressingOf(deployment.status);
    if (!hasDeadline(deployment) || progressing?.reason === 'ProgressDeadlineExceeded') return deployment;
    const toldPaused = progressing?.reason === 'DeploymentPaused';
    if ((deployment.spec.paused ?? false) === toldPaused) return deployment;
    const unknown = { type: 'Progressing', status: 'Unknown' } as const;
    const told = toldPaused
      ? { ...unknown, reason: 'DeploymentResumed', message: 'Deployment is resumed' }
      : { ...unknown, reason: 'DeploymentPaused', message: 'Deployment is paused' };
    return report(deployment, told, this.#context);
  }

  /** Nothing tells us that nothing happens: look again when the deadline has passed (`requeueStuckDeployment`). */
  #comeBackAtDeadline(key: string, deployment: Deployment): void {
    const progressing = progressingOf(deployment.status);
    if (!progressing || !hasDeadline(deployment) || isComplete(deployment, deployment.status)) return;
    if (progressing.reason === 'ProgressDeadlineExceeded' || !progressing.lastUpdateTime) return;
    const waitMs = parseTime(progressing.lastUpdateTime) + deadlineMs(deployment) - this.#context.clock.now();
    this.#controller.queue.addAfter(key, Math.max(waitMs, 0) + 1000);
  }
}
