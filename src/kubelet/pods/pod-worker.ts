import { rm } from 'node:fs/promises';
import type { Pod } from '#api';
import { messageOf, untilAborted, type Timer } from '#base';
import { parseTime } from '#machinery';
import { killPod } from '../lifecycle/kill-pod.ts';
import { PodProbes } from '../probes/probe-manager.ts';
import { emptyPodStatus, isAnyRunning, podIpsOf, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import { readPodStatus } from '../runtime/read-pod-status.ts';
import { podLogDirectory } from '../runtime/sandbox-config.ts';
import type { WaitingReason } from '../status/container-statuses.ts';
import { mergedStatus } from '../status/merged-status.ts';
import { podStatus } from '../status/pod-status.ts';
import { Allocation, type JudgeResize } from './allocation.ts';
import { garbageOf } from './container-gc.ts';
import { isTerminal, podLabel } from './containers.ts';
import { EndSignals } from './end-signals.ts';
import { podEvents } from './events.ts';
import { probeEvents } from './probe-events.ts';
import type { NodeServices } from './node-services.ts';
import { Backoff } from './backoff.ts';
import { nextLookMs } from './next-look.ts';
import { resizesOf } from './resize.ts';
import { Once, syncPod } from './sync-pod.ts';

export type Failure = { readonly reason: string; readonly message: string };

/** What fails is tried again soon at first, and never later than upstream would (`backOffPeriod` with its jitter). */
const firstRetryMs = 500;
const lastRetryMs = 15_000;

/** A step shorter than this is not looked into. */
const glanceMs = 200;

/** `running` brings the pod up and keeps it so; `ending` kills it; `ended` holds nothing; `gone` is no longer worth a worker. */
type Stage = 'running' | 'ending' | 'ended' | 'gone';

/**
 * One pod on this node. Woken by news of the API, the runtime, a probe or a timer, it looks at what is wanted and what runs and
 * takes the steps between, one at a time; news that comes meanwhile makes it look once more. It never remembers what it has
 * done: the runtime does, so a restarted kubelet goes on where it was.
 */
export class PodWorker {
  readonly uid: string;
  readonly #services: NodeServices;
  readonly #judgeResize: JudgeResize;
  readonly #allocation: Allocation;
  readonly #errors: Backoff;
  readonly #waiting = new Map<string, WaitingReason>();
  readonly #ground = new Once<string>();
  readonly #givenBack = new Once<void>();
  readonly #ends = new EndSignals();
  #pod: Pod;
  #probes: PodProbes;
  #status: PodRuntimeStatus;
  #stage: Stage = 'running';
  /** The pod is no longer in the API. */
  #removed = false;
  #failure: Failure | undefined;
  #graceSeconds = Infinity;
  #dirty = true;
  #wake: (() => void) | undefined;
  #timer: Timer | undefined;
  #step = new AbortController();
  #hurry = new AbortController();
  #stopped = false;
  #busy = false;
  /** How many looks at the runtime have begun, and which of them the status is from. */
  #looks = 0;
  #statusFrom = 0;
  #glance: Timer | undefined;

  constructor(pod: Pod, services: NodeServices, judgeResize: JudgeResize) {
    this.#judgeResize = judgeResize;
    this.#allocation = new Allocation(pod);
    this.uid = pod.metadata.uid ?? '';
    this.#pod = pod;
    this.#services = services;
    this.#errors = new Backoff({ clock: services.clock, initialMs: firstRetryMs, maxMs: lastRetryMs });
    this.#status = emptyPodStatus(this.uid);
    this.#probes = this.#makeProbes(pod);
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** The pod with the resources that it has been promised, which may not be all that it asks for. */
  get allocated(): Pod {
    return this.#allocation.of(this.#pod);
  }

  /** Waits for resources that others have. */
  get isDeferred(): boolean {
    return this.#allocation.pending !== undefined;
  }

  get runtimeStatus(): PodRuntimeStatus {
    return this.#status;
  }

  /** Takes up the resources that admission counts. */
  get isActive(): boolean {
    return this.#stage === 'running' || this.#stage === 'ending';
  }

  /** The pod as the API has it now. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp) this.#end(pod.metadata.deletionGracePeriodSeconds);
    this.wake();
  }

  /** The same pod with nothing new in it but what this node wrote. */
  refresh(pod: Pod): void {
    this.#pod = pod;
  }

  /** The pod was removed from the API: what runs of it is ended. */
  remove(): void {
    this.#removed = true;
    this.#end(undefined);
    this.wake();
  }

  /** Ends the pod as failed, by the kubelet's own decision. */
  fail(failure: Failure): void {
    this.#failure ??= failure;
    this.wake();
  }

  /** Something happened: look again. */
  wake(): void {
    this.#dirty = true;
    this.#wake?.();
  }

  /** The runtime has news. A step that takes long, as a pull does, does not keep them from the status. */
  runtimeChanged(): void {
    this.wake();
    if (!this.#busy || this.#glance) return;
    this.#glance = this.#services.clock.timer(glanceMs, () => {
      this.#glance = undefined;
      if (!this.#busy || this.#stage === 'ended' || this.#stopped) return;
      this.#observe().catch((error: unknown) => {
        this.#services.log.debug({ pod: podLabel(this.#pod), error: messageOf(error) }, 'pod could not be looked at');
      });
    });
  }

  /** Aborts when the container has ended, for readers of its log. */
  endOf(containerId: string): AbortSignal {
    return this.#ends.of(containerId, this.#status);
  }

  /** Works until the pod is gone, or the kubelet stops; containers go on in the latter case. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#stopped = true;
      this.#step.abort();
      this.wake();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    while (!this.#stopped && this.#stage !== 'gone') {
      if (!this.#dirty) await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
      if (this.#stopped) break;
      this.#dirty = false;
      this.#busy = true;
      const look = this.#look();
      await untilAborted(look, signal);
      // A container may take its whole grace period to stop; the kubelet does not wait for that to stop itself.
      if (this.#stage !== 'ending') await look;
      this.#busy = false;
    }
    signal.removeEventListener('abort', stop);
    this.#timer?.cancel();
    this.#glance?.cancel();
    this.#probes.stop();
  }

  /** Tells the status as it follows from what is known now. */
  report(): void {
    if (this.#removed) return;
    const { node, clock, status } = this.#services;
    const previous = status.statusOf(this.uid) ?? this.#pod.status;
    const { pending } = this.#allocation;
    const next = podStatus({
      pod: this.allocated,
      runtime: this.#status,
      runtimeName: node.runtimeName,
      waiting: this.#waiting,
      readiness: this.#probes,
      previous: mergedStatus(this.#pod, previous),
      hostIps: node.hostIps,
      nowMs: clock.now(),
      isTerminal: this.#stage === 'ended',
      resizing: new Set(resizesOf(this.allocated, this.#status).map(({ container }) => container.name)),
      ...(pending && { pendingResize: pending }),
      ...(this.#failure && { failure: this.#failure }),
    });
    status.set(this.#pod, next);
  }

  async #look(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#step = new AbortController();
    const { log } = this.#services;
    try {
      this.#allocation.consider(this.#pod, this.#judgeResize);
      await this.#observe();
      const again = await this.#act();
      this.#errors.forget('sync');
      if (again) this.#dirty = true;
      else this.#planNextLook();
    } catch (error) {
      // Who broke the step off from outside has woken us; what fails in an end that this step began itself is tried again.
      if (this.#stopped || (this.#step.signal.aborted && this.#dirty)) return;
      this.#errors.next('sync', this.#services.clock.now());
      const retryMs = this.#errors.remaining('sync');
      log.warn({ pod: podLabel(this.#pod), error: messageOf(error), retryMs }, 'pod could not be synced');
      this.#wakeIn(retryMs);
    }
  }

  async #observe(): Promise<void> {
    if (!(await this.#readStatus())) return;
    this.#probes.observe(this.#status, this.#podIp());
    if (this.#stage !== 'ended') this.report();
  }

  /**
   * Looks at what runs of the pod. Of two looks that overlap, the one that began later sees more: an answer is dropped when one
   * to a later question is there, and only then, so that whoever has looked never acts on what was before. False when dropped.
   */
  async #readStatus(): Promise<boolean> {
    const look = ++this.#looks;
    const status = await readPodStatus(this.#services.runtime, this.uid);
    if (look < this.#statusFrom) return false;
    this.#statusFrom = look;
    this.#status = status;
    this.#ends.observe(status);
    return true;
  }

  #podIp(): string {
    const { node } = this.#services;
    return (this.#pod.spec.hostNetwork ? node.hostIps[0] : podIpsOf(this.#status)[0]) ?? '';
  }

  /** Takes the next step; true when another look should follow at once. */
  async #act(): Promise<boolean> {
    if (this.#stage === 'running' && this.#mustEnd()) this.#end(this.#pod.metadata.deletionGracePeriodSeconds);
    if (this.#stage === 'ending') return this.#kill();
    if (this.#stage === 'ended') return this.#afterEnd();
    await this.#collectGarbage();
    return syncPod(
      {
        pod: this.allocated,
        status: this.#status,
        probes: this.#probes,
        waiting: this.#waiting,
        ground: this.#ground,
        signal: this.#step.signal,
        changed: () => this.report(),
      },
      this.#services,
    );
  }

  #mustEnd(): boolean {
    this.#checkDeadline();
    const reported = this.#services.status.statusOf(this.uid) ?? this.#pod.status;
    return (
      this.#removed ||
      Boolean(this.#pod.metadata.deletionTimestamp) ||
      this.#failure !== undefined ||
      isTerminal(reported.phase)
    );
  }

  #deadlineMs(): number | undefined {
    const seconds = this.#pod.spec.activeDeadlineSeconds;
    const started = this.#services.status.statusOf(this.uid)?.startTime ?? this.#pod.status.startTime;
    return seconds === undefined || !started ? undefined : parseTime(started) + seconds * 1000;
  }

  #checkDeadline(): void {
    const deadline = this.#deadlineMs();
    if (deadline === undefined || this.#services.clock.now() < deadline || this.#failure) return;
    const message = 'Pod was active on the node longer than the specified deadline';
    this.#failure = { reason: 'DeadlineExceeded', message };
    podEvents(this.#services.recorder, this.#pod).normal('DeadlineExceeded', message);
    this.report();
  }

  /** Turns to ending; a shorter grace period than before hurries what is under way. */
  #end(graceSeconds: number | undefined): void {
    const wanted = graceSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30;
    if (this.#stage === 'running') {
      this.#stage = 'ending';
      this.#graceSeconds = wanted;
      this.#probes.terminate();
      this.#step.abort();
    } else if (this.#stage === 'ending' && wanted < this.#graceSeconds) {
      this.#graceSeconds = wanted;
      this.#hurry.abort();
      this.#hurry = new AbortController();
      void this.#hurryStop(wanted);
    }
  }

  /** Stops what still runs with the new grace, beside the stop that already waits with the old one. */
  async #hurryStop(graceSeconds: number): Promise<void> {
    const { runtime, log } = this.#services;
    const timeout = Math.max(graceSeconds, 1);
    const running = this.#status.containers.filter(({ state }) => state === 'running');
    const stops = running.map(({ id }) => runtime.stopContainer({ containerId: id, timeout }));
    for (const result of await Promise.allSettled(stops)) {
      if (result.status === 'rejected')
        log.warn({ pod: podLabel(this.#pod), error: result.reason }, 'container could not be stopped sooner');
    }
  }

  async #kill(): Promise<boolean> {
    const graceSeconds = Math.max(this.#graceSeconds, 1); // 0 is meant for the API object, not for processes
    const kill = { pod: this.#pod, status: this.#status, graceSeconds, hurry: this.#hurry.signal };
    await killPod(kill, this.#services).catch((error: unknown) => {
      const events = podEvents(this.#services.recorder, this.#pod);
      events.warning('FailedKillPod', `error killing pod: ${messageOf(error)}`);
      throw error;
    });
    await this.#readStatus();
    if (isAnyRunning(this.#status)) throw new Error('containers still run after they were stopped');
    this.#probes.stop();
    this.#stage = 'ended';
    this.report();
    return this.#afterEnd();
  }

  /** Gives back what the pod held on the node; its dead containers stay for their logs. */
  async #giveBack(): Promise<void> {
    const { volumes, cgroups, objects, tokens, images, crashes } = this.#services;
    objects.release(this.uid);
    tokens.forget(this.uid);
    images.forget(this.uid);
    crashes.forget(`${this.uid}_`);
    await volumes.tearDown(this.#pod);
    await cgroups.remove(this.#pod);
  }

  async #afterEnd(): Promise<boolean> {
    await this.#givenBack.get(() => this.#giveBack());
    this.#services.status.finish(this.#pod);
    if (!this.#removed) return false;
    const { runtime, node, status } = this.#services;
    for (const { id } of this.#status.sandboxes) await runtime.removePodSandbox({ podSandboxId: id });
    await rm(podLogDirectory(node.logDirectory, this.#pod), { recursive: true, force: true });
    status.forget(this.uid);
    this.#stage = 'gone';
    return false;
  }

  async #collectGarbage(): Promise<void> {
    const { containers, sandboxIds } = garbageOf(this.#status);
    const { runtime } = this.#services;
    for (const { id, logPath } of containers) {
      await runtime.removeContainer({ containerId: id });
      if (logPath) await rm(logPath, { force: true });
    }
    for (const id of sandboxIds) await runtime.removePodSandbox({ podSandboxId: id });
  }

  #planNextLook(): void {
    if (this.#stage !== 'running') return;
    const delayMs = nextLookMs({
      pod: this.#pod,
      status: this.#status,
      waiting: this.#waiting,
      services: this.#services,
      deadlineMs: this.#deadlineMs(),
    });
    this.#wakeIn(delayMs);
  }

  #wakeIn(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#services.clock.timer(ms, () => this.wake());
  }

  #makeProbes(pod: Pod): PodProbes {
    const { clock, runProbe, recorder } = this.#services;
    const changed = (): void => {
      if (this.#stage !== 'ended' && this.#stage !== 'gone') this.report();
      this.wake();
    };
    const failed = probeEvents(() => this.#pod, recorder);
    return new PodProbes({ pod, clock, run: runProbe, changed, failed });
  }
}
