import type { HealthCheck } from './health.ts';

/** In upstream's order, those that name something which this server does before it answers. */
const order = [
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'start-system-namespaces-controller',
  'storage-readiness',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'kube-apiserver-autoregistration',
] as const;

type HookName = (typeof order)[number];

/** What upstream calls the parts of what the registry does before it is ready. */
export const registryHooks: readonly HookName[] = [
  'start-system-namespaces-controller',
  'storage-readiness',
  'start-service-ip-repair-controllers',
  'scheduling/bootstrap-system-priority-classes',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
];
/** And what the keeper of priority and fairness does. */
export const flowControlHooks: readonly HookName[] = [
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-config-producer',
];

/** What is done once at the start, each with a health check by upstream's name (`pkg/server/hooks.go`). */
export class StartHooks {
  readonly #finished = new Set<HookName>();

  /** Takes the hooks for finished when this has succeeded. */
  async follow(names: readonly HookName[], done: Promise<unknown>): Promise<void> {
    await done;
    for (const name of names) this.#finished.add(name);
  }

  get checks(): HealthCheck[] {
    return order.map((name) => ({
      name: `poststarthook/${name}`,
      check: () => {
        if (!this.#finished.has(name)) throw new Error('not finished');
      },
    }));
  }
}
