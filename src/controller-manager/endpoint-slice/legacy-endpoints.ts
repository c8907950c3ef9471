import type { Component } from '#base';
import { nodes, pods, services, type Service } from '#api';
import { Controller, type ResourceClient, type TypedResource } from '#client';
import {
  isStatusError,
  keyOf,
  nameOf,
  namespaceOf,
  selectorOfMap,
  splitKey,
  type KubeObject,
  type Resource,
} from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSameStatus } from '../objects.ts';
import { addressTypesOf, groupsOf, type Endpoint, type Group } from './endpoints.ts';
import { tellServicesOfPods } from './services-of-pods.ts';

const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const managedBy = 'endpoint-controller';
const headlessLabel = 'service.kubernetes.io/headless';

interface Subset {
  addresses?: unknown[];
  notReadyAddresses?: unknown[];
  ports?: unknown[];
}

interface Endpoints extends KubeObject {
  subsets?: Subset[];
}

/**
 * Writes the v1 Endpoints of Services with a selector, which EndpointSlices replaced but `kubectl` still shows
 * (`pkg/controller/endpoint`). Only the first address family, without pods that are on their way out.
 */
export function legacyEndpointsController(context: ControllerContext, resource: Resource): Component {
  const { client, informers, clock, log } = context;
  const known = informers.of<Endpoints>(resource as TypedResource<Endpoints>);
  const [serviceInformer, podInformer, nodeInformer] = [
    informers.of(services),
    informers.of(pods),
    informers.of(nodes),
  ];
  const calls = client.of<Endpoints>(resource as TypedResource<Endpoints>);
  const wantedFor = (service: Service): Endpoints => {
    const selected = podInformer.lister.inNamespace(namespaceOf(service), selectorOfMap(service.spec.selector));
    const told = selected.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined || service.spec.publishNotReadyAddresses,
    );
    return endpointsOf(
      service,
      groupsOf(service, told, (name) => nodeInformer.lister.get(name)),
    );
  };
  const controller = new Controller({
    name: 'endpoints',
    waitFor: [known, serviceInformer, podInformer, nodeInformer],
    clock,
    log,
    reconcile: async (key) => {
      const service = serviceInformer.lister.get(key);
      const existing = known.lister.get(key);
      if (!service) return remove(existing, key, calls);
      if (!service.spec.selector || service.spec.type === 'ExternalName') return;
      await write(wantedFor(service), existing, calls);
    },
  });
  const enqueue = (object: KubeObject): void => controller.queue.add(keyOf(object));
  serviceInformer.on({ added: enqueue, updated: (_, after) => enqueue(after), deleted: enqueue });
  known.on({ added: enqueue, updated: (_, after) => enqueue(after), deleted: enqueue });
  tellServicesOfPods({ services: serviceInformer, pods: podInformer, tell: (key) => controller.queue.add(key) });
  return controller;
}

async function remove(existing: Endpoints | undefined, key: string, calls: ResourceClient<Endpoints>): Promise<void> {
  if (existing?.metadata.labels?.[managedByLabel] !== managedBy) return;
  const { namespace, name } = splitKey(key);
  try {
    await calls.in(namespace).delete(name, { preconditions: { uid: existing.metadata.uid } });
  } catch (error) {
    if (!isStatusError(error, 'NotFound')) throw error;
  }
}

async function write(
  wanted: Endpoints,
  existing: Endpoints | undefined,
  calls: ResourceClient<Endpoints>,
): Promise<void> {
  if (!existing) {
    try {
      await calls.create(wanted);
    } catch (error) {
      // The namespace is on its way out, or the lister is behind.
      if (!isStatusError(error, 'Forbidden', 'AlreadyExists')) throw error;
    }
    return;
  }
  const { labels } = wanted.metadata;
  if (isSameStatus(existing.subsets, wanted.subsets) && isSameStatus(existing.metadata.labels, labels)) return;
  await calls.update(
    copyWith(existing, { subsets: wanted.subsets, metadata: copyWith(existing.metadata, { labels }) }),
  );
}

function endpointsOf(service: Service, groups: readonly Group[]): Endpoints {
  const [family] = addressTypesOf(service);
  const subsets = groups.filter(({ addressType }) => addressType === family).map(subsetOf);
  const { [headlessLabel]: _, ...inherited } = service.metadata.labels ?? {};
  const headless: Record<string, string> = service.spec.clusterIP === 'None' ? { [headlessLabel]: '' } : {};
  const labels = { ...inherited, ...headless, [managedByLabel]: managedBy };
  const metadata = { name: nameOf(service), namespace: namespaceOf(service), labels };
  return { metadata, subsets: subsets.sort((a, b) => (JSON.stringify(a.ports) < JSON.stringify(b.ports) ? -1 : 1)) };
}

function subsetOf({ endpoints, ports }: Group): Subset {
  const sorted = endpoints.toSorted((a, b) => (addressIn(a) < addressIn(b) ? -1 : 1));
  const addresses = sorted.filter(({ conditions }) => conditions?.ready).map(addressOf);
  const notReadyAddresses = sorted.filter(({ conditions }) => !conditions?.ready).map(addressOf);
  return {
    ...(addresses.length > 0 && { addresses }),
    ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
    ports,
  };
}

function addressIn({ addresses }: Endpoint): string {
  return addresses?.[0] ?? '';
}

function addressOf(endpoint: Endpoint): unknown {
  const { hostname, nodeName, targetRef } = endpoint;
  return { ip: addressIn(endpoint), ...(hostname && { hostname }), ...(nodeName && { nodeName }), targetRef };
}
