import { isIP } from 'node:net';
import type { Component } from '#base';
import { endpoints as endpointsResource, endpointSlices, services, type EndpointSlice, type Endpoints } from '#api';
import { Controller } from '#client';
import { keyOf, nameOf, namespaceOf, ownerReferenceTo, type KubeObject } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { groupId, type Endpoint, type Group } from './endpoints.ts';
import { planSlices } from './plan.ts';
import {
  isManagedBy,
  managedByLabel,
  serviceKeyOf,
  serviceNameLabel,
  SliceWriter,
  type SliceFacts,
} from './slice-writer.ts';

const controllerName = 'endpointslicemirroring-controller.k8s.io';
const skipMirrorLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
/** What is about the Endpoints object itself, and no news of a slice. */
const ownAnnotations = [
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
];
/** kube-controller-manager's `--mirroring-max-endpoints-per-subset`. */
const maxEndpointsPerSubset = 1000;
const byService = 'mirrored-service';

/**
 * Writes EndpointSlices for the Endpoints that people write by hand for Services without a selector, since readers look at
 * slices alone (`pkg/controller/endpointslicemirroring`).
 */
export function endpointSliceMirroring(context: ControllerContext): Component {
  const { informers, clock, log } = context;
  const writer = new SliceWriter(context);
  const [known, serviceInformer, slices] = [
    informers.of(endpointsResource),
    informers.of(services),
    informers.of(endpointSlices),
  ];
  const isOurs = (slice: EndpointSlice): boolean => isManagedBy(slice, controllerName);
  slices.addIndex(byService, (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : []));
  const controller = new Controller({
    name: 'endpointslice-mirroring',
    waitFor: [known, serviceInformer, slices],
    clock,
    log,
    reconcile: async (key) => {
      const [endpoints, service] = [known.lister.get(key), serviceInformer.lister.get(key)];
      const existing = slices.byIndex(byService, key).filter(({ metadata }) => !metadata.deletionTimestamp);
      if (!endpoints || !isMirrored(endpoints) || !service || service.spec.selector) {
        writer.forget(key);
        return writer.remove(existing);
      }
      if (endpoints.metadata.deletionTimestamp || !writer.hasSeenAll(key)) return;
      const { groups, skipped } = groupsOf(endpoints);
      if (skipped > 0) tellSkipped(context, endpoints, skipped);
      const plan = planSlices(existing, groups, { types: [], maxEndpoints: maxEndpointsPerSubset });
      await writer.write(key, factsOf(endpoints), existing, plan);
    },
  });
  const enqueue = (object: KubeObject): void => controller.queue.add(keyOf(object));
  const news = { added: enqueue, updated: (_: KubeObject, after: KubeObject) => enqueue(after), deleted: enqueue };
  known.on(news);
  serviceInformer.on(news);
  const sliceNews = (slice: EndpointSlice): void => {
    if (isOurs(slice)) controller.queue.add(serviceKeyOf(slice));
  };
  slices.on({
    added: (slice) => {
      if (isOurs(slice)) writer.seen(slice);
      sliceNews(slice);
    },
    updated: (before, after) => [before, after].forEach(sliceNews),
    deleted: sliceNews,
  });
  return controller;
}

function isMirrored({ metadata }: Endpoints): boolean {
  return metadata.labels?.[skipMirrorLabel] !== 'true' && metadata.annotations?.[leaderAnnotation] === undefined;
}

function factsOf(endpoints: Endpoints): SliceFacts {
  const { labels, annotations = {} } = endpoints.metadata;
  const told = Object.entries(annotations).filter(([name]) => !ownAnnotations.includes(name));
  return {
    name: nameOf(endpoints),
    namespace: namespaceOf(endpoints),
    labels: { ...labels, [serviceNameLabel]: nameOf(endpoints), [managedByLabel]: controllerName },
    annotations: Object.fromEntries(told),
    owner: ownerReferenceTo(endpoints, endpointsResource),
  };
}

/** The addresses by type and ports, and how many are too many. */
function groupsOf({ subsets = [] }: Endpoints): { groups: Group[]; skipped: number } {
  const groups = new Map<string, Group>();
  let skipped = 0;
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ];
    skipped += Math.max(0, all.length - maxEndpointsPerSubset);
    const named = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      name,
      port,
      protocol,
      ...(appProtocol && { appProtocol }),
    }));
    for (const { address, ready } of all.slice(0, maxEndpointsPerSubset)) {
      const addressType = isIP(address.ip) === 6 ? 'IPv6' : 'IPv4';
      const id = groupId(addressType, named);
      const group = groups.get(id) ?? { addressType, ports: named, endpoints: [] };
      group.endpoints.push(endpointOf(address, ready));
      groups.set(id, group);
    }
  }
  return { groups: [...groups.values()], skipped };
}

type Address = NonNullable<NonNullable<Endpoints['subsets']>[number]['addresses']>[number];

function endpointOf({ ip, hostname, nodeName, targetRef }: Address, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function tellSkipped({ events }: ControllerContext, endpoints: Endpoints, skipped: number): void {
  const message = `A max of ${maxEndpointsPerSubset} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`;
  events.event(endpoints, 'Warning', 'TooManyAddressesToMirror', message);
}
