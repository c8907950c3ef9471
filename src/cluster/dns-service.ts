import { services } from '#api';
import type { Client } from '#client';
import type { Clock, Component, Logger } from '#base';
import { isStatusError } from '#machinery';
import { addressAt, parseCidr, type ClusterConfig } from './config.ts';

/** The name and namespace that every cluster's DNS has, and that tools look for. */
export const dnsService = { namespace: 'kube-system', name: 'kube-dns' } as const;

/** The tenth address of the Services' network, as kubeadm gives it. */
export function dnsServiceIp(config: Pick<ClusterConfig, 'serviceCidr'>): string {
  return addressAt(parseCidr('--service-cidr', config.serviceCidr), 10);
}

const retryMs = 100;

/** Sees to it that the Service of the cluster's DNS exists. Its endpoints come from the nodes, each for its own. */
export class DnsService implements Component {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #ip: string;

  constructor(options: { client: Client; clock: Clock; log: Logger; ip: string }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#ip = options.ip;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#create();
        return;
      } catch (error) {
        if (isStatusError(error, 'AlreadyExists')) return;
        this.#log.debug({ error }, 'the Service kube-dns could not be created yet');
        await this.#clock.sleep(retryMs, signal).catch(() => {}); // the loop sees the abort
      }
    }
  }

  async #create(): Promise<void> {
    const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
    const port = (name: string, protocol: 'TCP' | 'UDP') => ({ name, protocol, port: 53, targetPort: 53 });
    await this.#client
      .of(services)
      .in(dnsService.namespace)
      .create({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...dnsService, labels },
        // Without a selector: each node publishes an EndpointSlice for its own server, and pods ask that of their node.
        spec: {
          clusterIP: this.#ip,
          internalTrafficPolicy: 'Local',
          ports: [port('dns', 'UDP'), port('dns-tcp', 'TCP')],
        },
      });
  }
}
