import { messageOf, type Component } from '#base';
import { endpointSlices, nodes, pods, services, type EndpointSlice, type Node, type Pod, type Service } from '#api';
import { Controller, Expectations, type Informer } from '#client';
import { isStatusError, keyOf, joinKey, nameOf, namespaceOf, ownerReferenceTo, selectorOfMap, uidOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSame } from '../objects.ts';
import { addressTypesOf, groupsOf, type Group } from './endpoints.ts';
import { planSlices, type SlicePlan } from './plan.ts';
import { tellServicesOfPods } from './services-of-pods.ts';

const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const controllerName = 'endpointslice-controller.k8s.io';
const headlessLabel = 'service.kubernetes.io/headless';
const byService = 'service';

/** Writes the EndpointSlices of every Service with a selector (`pkg/controller/endpointslice`). */
export class EndpointSliceController implements Component {
  readonly #context: ControllerContext;
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #slices: Informer<EndpointSlice>;
  /** Slices that we made and do not see yet: to plan without them would make them again. */
  readonly #expectations: Expectations;
  readonly #controller: Controller;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#services = context.informers.of(services);
    this.#pods = context.informers.of(pods);
    this.#nodes = context.informers.of(nodes);
    this.#slices = context.informers.of(endpointSlices);
    this.#slices.addIndex(byService, (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : []));
    this.#expectations = new Expectations(context);
    this.#controller = new Controller({
      name: 'endpointslice',
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#services, this.#pods, this.#nodes, this.#slices],
      clock: context.clock,
      log: context.log,
    });
    const { queue } = this.#controller;
    const enqueue = (service: Service): void => queue.add(keyOf(service));
    this.#services.on({ added: enqueue, updated: (_, after) => enqueue(after), deleted: enqueue });
    tellServicesOfPods({ services: this.#services, pods: this.#pods, tell: (key) => queue.add(key) });
    const sliceNews = (slice: EndpointSlice): void => {
      if (isOurs(slice)) queue.add(serviceKeyOf(slice));
    };
    this.#slices.on({
      added: (slice) => {
        if (isOurs(slice)) this.#expectations.creationObserved(serviceKeyOf(slice));
        sliceNews(slice);
      },
      updated: (_, after) => sliceNews(after),
      deleted: sliceNews,
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#controller.run(signal);
  }

  async #reconcile(key: string): Promise<void> {
    const service = this.#services.lister.get(key);
    // The slices of a service that is gone are the garbage collector's; those without a selector somebody else's.
    if (!service) this.#expectations.forget(key);
    if (!service || service.metadata.deletionTimestamp || service.spec.type === 'ExternalName') return;
    if (!service.spec.selector || !this.#expectations.satisfied(key)) return;
    const selected = this.#pods.lister.inNamespace(namespaceOf(service), selectorOfMap(service.spec.selector));
    const groups = groupsOf(service, selected, (name) => this.#nodes.lister.get(name));
    const existing = this.#slices.byIndex(byService, key).filter(({ metadata }) => !metadata.deletionTimestamp);
    const plan = planSlices(existing, groups, addressTypesOf(service));
    addStaleLabels(service, existing, plan);
    try {
      await this.#carryOut(service, plan);
    } catch (error) {
      this.#complain(service, error);
      throw error;
    }
  }

  async #carryOut(service: Service, { create, update, remove }: SlicePlan): Promise<void> {
    const calls = this.#context.client.of(endpointSlices).in(namespaceOf(service));
    for (const { slice, group } of update) {
      const metadata = copyWith(slice.metadata, { labels: labelsOf(service) });
      await calls.update(copyWith(slice, { metadata, endpoints: group.endpoints, ports: group.ports }));
    }
    await this.#create(service, create);
    for (const slice of remove) {
      try {
        await calls.delete(nameOf(slice), { preconditions: { uid: uidOf(slice) } });
      } catch (error) {
        if (!isStatusError(error, 'NotFound')) throw error;
      }
    }
  }

  async #create(service: Service, groups: readonly Group[]): Promise<void> {
    const key = keyOf(service);
    const calls = this.#context.client.of(endpointSlices).in(namespaceOf(service));
    if (groups.length > 0) this.#expectations.expectCreations(key, groups.length);
    let made = 0;
    try {
      for (const group of groups) {
        await calls.create(sliceOf(service, group));
        made++;
      }
    } finally {
      this.#expectations.creationObserved(key, groups.length - made);
    }
  }

  #complain(service: Service, error: unknown): void {
    // Somebody was faster, or the namespace is on its way out.
    if (isStatusError(error, 'Conflict', 'Forbidden', 'NotFound')) return;
    const message = `Error updating Endpoint Slices for Service ${namespaceOf(service)}/${nameOf(service)}: ${messageOf(error)}`;
    this.#context.events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
  }
}

function isOurs({ metadata }: EndpointSlice): boolean {
  return metadata.labels?.[managedByLabel] === controllerName;
}

function serviceKeyOf(slice: EndpointSlice): string {
  return joinKey(namespaceOf(slice), slice.metadata.labels?.[serviceNameLabel] ?? '');
}

function labelsOf(service: Service): Record<string, string> {
  const { [headlessLabel]: _, ...inherited } = service.metadata.labels ?? {};
  const headless: Record<string, string> = service.spec.clusterIP === 'None' ? { [headlessLabel]: '' } : {};
  return { ...inherited, ...headless, [serviceNameLabel]: nameOf(service), [managedByLabel]: controllerName };
}

function sliceOf(service: Service, { addressType, ports, endpoints }: Group) {
  return {
    metadata: {
      generateName: `${nameOf(service)}-`,
      namespace: namespaceOf(service),
      labels: labelsOf(service),
      ownerReferences: [ownerReferenceTo(service, services)],
    },
    addressType,
    endpoints,
    ports,
  };
}

/** Slices that would stay as they are, and lack a label that the service has got since. */
function addStaleLabels(service: Service, existing: readonly EndpointSlice[], plan: SlicePlan): void {
  const labels = labelsOf(service);
  const touched = new Set([...plan.update.map(({ slice }) => slice), ...plan.remove]);
  for (const slice of existing) {
    if (touched.has(slice) || isSame(slice.metadata.labels, labels)) continue;
    const { ports, endpoints } = slice;
    const addressType = slice.addressType === 'IPv6' ? 'IPv6' : 'IPv4';
    plan.update.push({ slice, group: { addressType, ports: ports ?? [], endpoints: endpoints ?? [] } });
  }
}
