import { messageOf, runAll, type Component } from '#base';
import { podDisruptionBudgets, pods, type LabelSelector, type Pod, type PodDisruptionBudget } from '#api';
import { Controller, type Informer } from '#client';
import { isStatusError, keyOf, namespaceOf, selectorOf, type Resource } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSameStatus } from '../objects.ts';
import { failedStatus, leaving, statusOf } from './budget-status.ts';
import { expectedOf } from './expected-pods.ts';
import { ScaleFinder } from './find-scale.ts';
import { staleMarks } from './stale-marks.ts';

/** Counts how many pods of each budget may be evicted (`pkg/controller/disruption`). */
export class DisruptionController implements Component {
  readonly #context: ControllerContext;
  readonly #budgets: Informer<PodDisruptionBudget>;
  readonly #pods: Informer<Pod>;
  readonly #scales: ScaleFinder;
  readonly #controller: Controller;
  readonly #staleMarks: Component;

  constructor(context: ControllerContext, resources: () => readonly Resource[]) {
    const { informers, clock, log } = context;
    this.#context = context;
    this.#budgets = informers.of(podDisruptionBudgets);
    this.#pods = informers.of(pods);
    this.#scales = new ScaleFinder({ ...context, resources });
    this.#controller = new Controller({
      name: 'disruption',
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#budgets, this.#pods, ...this.#scales.sources],
      clock,
      log,
    });
    this.#staleMarks = staleMarks(context, this.#pods);
    const enqueue = (budget: PodDisruptionBudget): void => this.#controller.queue.add(keyOf(budget));
    this.#budgets.on({ added: enqueue, updated: (_, budget) => enqueue(budget), deleted: () => {} });
    this.#pods.on({
      added: (pod) => this.#enqueueBudgetsOf(pod),
      updated: (before, pod) => {
        this.#enqueueBudgetsOf(before);
        this.#enqueueBudgetsOf(pod);
      },
      deleted: (pod) => this.#enqueueBudgetsOf(pod),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return runAll([this.#controller, this.#staleMarks], signal);
  }

  #enqueueBudgetsOf(pod: Pod): void {
    for (const budget of this.#budgets.lister.inNamespace(namespaceOf(pod)))
      if (selectorOf(budget.spec.selector).matches(pod.metadata.labels)) this.#controller.queue.add(keyOf(budget));
  }

  async #reconcile(key: string): Promise<void> {
    const budget = this.#budgets.lister.get(key);
    if (!budget) return;
    const { clock, events } = this.#context;
    try {
      await this.#count(key, budget);
    } catch (error) {
      // Who comes again soon need not close the budget.
      if (isStatusError(error, 'Conflict')) throw error;
      const message = messageOf(error);
      const told = `Failed to calculate the number of expected pods: ${message}`;
      events.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', told);
      await this.#write(budget, failedStatus(budget, message, clock));
    }
  }

  async #count(key: string, budget: PodDisruptionBudget): Promise<void> {
    const { clock, events } = this.#context;
    const selector = selectorOf(budget.spec.selector);
    const selected = this.#pods.lister
      .inNamespace(namespaceOf(budget))
      .filter(({ metadata }) => selector.matches(metadata.labels));
    if (selected.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const { unmanaged, ...expected } = await expectedOf(budget, selected, this.#scales.find);
    if (unmanaged.length > 0) events.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget));
    const { overdue, againInMs } = leaving(budget, selected, clock.now());
    for (const pod of overdue) {
      const told = `Pod was expected by PDB ${namespaceOf(budget)}/${namespaceOf(budget)} to be deleted but it wasn't`;
      events.event(pod, 'Warning', 'NotDeleted', told); // upstream names the namespace twice
    }
    await this.#write(budget, statusOf({ budget, pods: selected, ...expected, clock }));
    if (againInMs !== undefined) this.#controller.queue.addAfter(key, againInMs);
  }

  async #write(budget: PodDisruptionBudget, status: PodDisruptionBudget['status']): Promise<void> {
    if (isSameStatus(budget.status, status)) return;
    try {
      await this.#context.client.of(podDisruptionBudgets).updateStatus(copyWith(budget, { status }));
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }
}

function unmanagedMessage({ spec }: PodDisruptionBudget): string {
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${asGoPrints(spec.selector)}) were found to be unmanaged. As a ` +
    'result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for ' +
    'these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  );
}

function asGoPrints({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.toSorted().join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
