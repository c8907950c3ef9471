import { messageOf, type Component } from '#base';
import { endpointSlices, nodes, pods, services, type EndpointSlice, type Node, type Pod, type Service } from '#api';
import { Controller, type Informer } from '#client';
import { isStatusError, keyOf, nameOf, namespaceOf, ownerReferenceTo, selectorOfMap } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { addressTypesOf, groupsOf } from './endpoints.ts';
import { planSlices } from './plan.ts';
import { tellServicesOfPods } from './services-of-pods.ts';
import {
  isManagedBy,
  managedByLabel,
  serviceKeyOf,
  serviceNameLabel,
  SliceWriter,
  type SliceFacts,
} from './slice-writer.ts';

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
  readonly #writer: SliceWriter;
  readonly #controller: Controller;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#services = context.informers.of(services);
    this.#pods = context.informers.of(pods);
    this.#nodes = context.informers.of(nodes);
    this.#slices = context.informers.of(endpointSlices);
    this.#slices.addIndex(byService, (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : []));
    this.#writer = new SliceWriter(context);
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
        if (isOurs(slice)) this.#writer.seen(slice);
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
    if (!service) this.#writer.forget(key);
    if (!service || service.metadata.deletionTimestamp || service.spec.type === 'ExternalName') return;
    if (!service.spec.selector || !this.#writer.hasSeenAll(key)) return;
    const selected = this.#pods.lister.inNamespace(namespaceOf(service), selectorOfMap(service.spec.selector));
    const groups = groupsOf(service, selected, (name) => this.#nodes.lister.get(name));
    const existing = this.#slices.byIndex(byService, key).filter(({ metadata }) => !metadata.deletionTimestamp);
    const plan = planSlices(existing, groups, { types: addressTypesOf(service) });
    try {
      await this.#writer.write(key, factsOf(service), existing, plan);
    } catch (error) {
      this.#complain(service, error);
      throw error;
    }
  }

  #complain(service: Service, error: unknown): void {
    // Somebody was faster, or the namespace is on its way out.
    if (isStatusError(error, 'Conflict', 'Forbidden', 'NotFound')) return;
    const message = `Error updating Endpoint Slices for Service ${namespaceOf(service)}/${nameOf(service)}: ${messageOf(error)}`;
    this.#context.events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
  }
}

function isOurs(slice: EndpointSlice): boolean {
  return isManagedBy(slice, controllerName);
}

function factsOf(service: Service): SliceFacts {
  return {
    name: nameOf(service),
    namespace: namespaceOf(service),
    labels: labelsOf(service),
    owner: ownerReferenceTo(service, services),
  };
}

function labelsOf(service: Service): Record<string, string> {
  const { [headlessLabel]: _, ...inherited } = service.metadata.labels ?? {};
  const headless: Record<string, string> = service.spec.clusterIP === 'None' ? { [headlessLabel]: '' } : {};
  return { ...inherited, ...headless, [serviceNameLabel]: nameOf(service), [managedByLabel]: controllerName };
}
