import type { Clock, Component, Logger, Random } from '#base';
import type { PolicyObject } from '#apiserver';
import { endpointSlices, nodes, services, type EndpointSlice, type Node } from '#api';
import { Controller, InformerFactory, WorkQueue, type Client, type Informer } from '#client';
import { isStatusError, nameOf } from '#machinery';
import { addressAt, parseCidr } from './cidr.ts';
import type { ClusterConfig } from './config.ts';

/** The name and namespace that every cluster's DNS has, and that tools look for. */
const dnsService = { namespace: 'kube-system', name: 'kube-dns' } as const;

/** Whom the DNS server of a node is to the API server; kubeadm's CoreDNS has the role of the same name. */
export const dnsUser = 'system:coredns';

/** The tenth address of the Services' network, as kubeadm gives it. */
export function dnsServiceIp(config: Pick<ClusterConfig, 'serviceCidr'>): string {
  return addressAt(parseCidr('--service-cidr', config.serviceCidr), 10);
}

export interface DnsServiceOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  ip: string;
}

/** Sees to it that the Service of the cluster's DNS exists, and that its endpoints are the nodes that are Ready. */
export class DnsService implements Component {
  readonly #options: DnsServiceOptions;
  readonly #informers: InformerFactory;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue;

  constructor(options: DnsServiceOptions) {
    this.#options = options;
    this.#informers = new InformerFactory(options);
    this.#queue = new WorkQueue(options);
    this.#nodes = this.#informers.of(nodes);
    const look = (): void => this.#queue.add(dnsService.name);
    this.#nodes.on({ added: look, updated: look, deleted: look });
    look();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const informers = this.#informers.run(signal);
    const reconcile = (): Promise<void> => this.#reconcile(signal);
    await new Controller({ name: 'dns-service', queue: this.#queue, workers: 1, reconcile, clock, log }).run(signal);
    await informers;
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    await this.#informers.waitForSync(signal);
    const inNamespace = client.of(services).in(dnsService.namespace);
    // Asked first: a second creation would be refused for its address, not for its name.
    await inNamespace.get(dnsService.name).catch((error: unknown) => {
      if (!isStatusError(error, 'NotFound')) throw error;
      return inNamespace.create(this.#service());
    });
    await this.#writeSlice(this.#slice());
  }

  async #writeSlice(slice: EndpointSlice): Promise<void> {
    const client = this.#options.client.of(endpointSlices).in(dnsService.namespace);
    if (await ensure(() => client.create(slice))) return;
    const known = await client.get(nameOf(slice));
    if (JSON.stringify(known.endpoints) === JSON.stringify(slice.endpoints)) return;
    await client.update({ ...known, endpoints: slice.endpoints });
  }

  #service() {
    const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
    const port = (name: string, protocol: 'TCP' | 'UDP') => ({ name, protocol, port: 53, targetPort: 53 });
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...dnsService, labels },
      // Without a selector, since no pods serve it; pods ask the server of their own node.
      spec: {
        clusterIP: this.#options.ip,
        internalTrafficPolicy: 'Local' as const,
        ports: [port('dns', 'UDP'), port('dns-tcp', 'TCP')],
      },
      status: {},
    };
  }

  #slice(): EndpointSlice {
    const ready = this.#nodes.lister
      .list()
      .filter(isReady)
      .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const endpoints = ready.flatMap((node) => {
      const address = node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
      return address
        ? [
            {
              addresses: [address],
              nodeName: nameOf(node),
              conditions: { ready: true, serving: true, terminating: false },
            },
          ]
        : [];
    });
    const labels = {
      'kubernetes.io/service-name': dnsService.name,
      'endpointslice.kubernetes.io/managed-by': 'kedge-dns',
    };
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...dnsService, labels },
      addressType: 'IPv4',
      endpoints,
      ports: [
        { name: 'dns', protocol: 'UDP', port: 53 },
        { name: 'dns-tcp', protocol: 'TCP', port: 53 },
      ],
    };
  }
}

function isReady(node: Node): boolean {
  return node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Runs a creation; false when the object is there already. */
async function ensure(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isStatusError(error, 'AlreadyExists')) return false;
    throw error;
  }
}

/** What the DNS servers of the nodes may read, as kubeadm's CoreDNS. */
export function dnsPolicy(): PolicyObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const metadata = { name: dnsUser };
  const read = (group: string, ...resources: string[]) => ({
    apiGroups: [group],
    resources,
    verbs: ['list', 'watch'],
  });
  const rules = [read('', 'services', 'namespaces'), read('discovery.k8s.io', 'endpointslices')];
  const subjects = [{ apiGroup, kind: 'User', name: dnsUser }];
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup, kind: 'ClusterRole', name: dnsUser },
      subjects,
    },
  ];
}
