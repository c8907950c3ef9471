import { runAll, type Clock, type Component, type Logger, type Random } from '#base';
import { preferredResources } from '#api';
import { EventRecorder, InformerFactory, type Client } from '#client';
import type { Resource } from '#machinery';
import type { CertificateAuthority } from './certificates/authority.ts';
import { certificateCleaning } from './certificates/cleaning.ts';
import { certificateSigning } from './certificates/signing.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation.ts';
import type { ControllerContext } from './context.ts';
import { DeploymentController } from './deployment/controller.ts';
import { DisruptionController } from './disruption/controller.ts';
import { EndpointSliceController } from './endpoint-slice/controller.ts';
import { endpointSliceMirroring } from './endpoint-slice/mirroring.ts';
import { legacyEndpointsController } from './endpoint-slice/legacy-endpoints.ts';
import { GarbageCollector } from './garbage-collector/controller.ts';
import { NamespaceController } from './namespace/controller.ts';
import { nodeIpamController } from './node-ipam.ts';
import { NodeLifecycleController } from './node-lifecycle/controller.ts';
import { TaintEviction } from './node-lifecycle/eviction.ts';
import { PodGc } from './pod-gc.ts';
import { claimProtection } from './protection/claims.ts';
import { serviceCidrProtection } from './protection/service-cidrs.ts';
import { attributesClassProtection, volumeProtection } from './protection/volumes.ts';
import { ReplicaSetController } from './replica-set/controller.ts';
import { replicaSetKind, replicationControllerKind } from './replica-set/kind.ts';
import { ResourceQuotaController } from './resource-quota/controller.ts';
import { rootCaPublisher } from './root-ca-publisher.ts';
import { serviceAccountController } from './service-account.ts';

export interface ControllerManagerOptions {
  client: Client;
  /** The client of one controller, where each has an identity of its own; default is the one client under its name. */
  clientFor?: (controller: string) => Client;
  clock: Clock;
  random: Random;
  log: Logger;
  /** What nodes' pod ranges are cut from; without it nodes get none. */
  clusterCidr?: string;
  nodeCidrMaskSize?: number;
  /** PEM of the cluster's CA; without it no `kube-root-ca.crt` is published. */
  rootCa?: string;
  /** Signs approved certificate requests; without it they stay approved. */
  certificateAuthority?: CertificateAuthority;
  nodeMonitorGraceMs?: number;
  terminatedPodThreshold?: number;
  /** The resources that are served; default all built in. */
  resources?: () => readonly Resource[];
}

/** Runs every control loop over one set of informers. */
export class ControllerManager implements Component {
  readonly #options: ControllerManagerOptions;
  readonly #informers: InformerFactory;
  readonly #controllers: Component[];
  readonly #recorders: EventRecorder[] = [];

  constructor(options: ControllerManagerOptions) {
    this.#options = options;
    this.#informers = new InformerFactory({ ...options, client: options.client.as('controller-manager') });
    this.#controllers = this.#build();
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await runAll([this.#informers, ...this.#controllers], signal);
    } finally {
      for (const recorder of this.#recorders) recorder.close();
    }
  }

  #build(): Component[] {
    const { clusterCidr, rootCa, nodeCidrMaskSize, nodeMonitorGraceMs, terminatedPodThreshold, certificateAuthority } =
      this.#options;
    const resources = this.#options.resources ?? (() => preferredResources);
    const endpoints = resources().find(({ group, plural }) => group === '' && plural === 'endpoints');
    const nodes = this.#contextFor('node-controller');
    const certificates = this.#contextFor('certificate-controller');
    return [
      new DeploymentController(this.#contextFor('deployment-controller')),
      new ReplicaSetController(this.#contextFor('replicaset-controller'), replicaSetKind),
      new ReplicaSetController(this.#contextFor('replication-controller'), replicationControllerKind),
      new EndpointSliceController(this.#contextFor('endpointslice-controller')),
      ...(endpoints ? [legacyEndpointsController(this.#contextFor('endpoint-controller'), endpoints)] : []),
      endpointSliceMirroring(this.#contextFor('endpointslicemirroring-controller')),
      new NamespaceController(this.#contextFor('namespace-controller'), resources),
      new GarbageCollector(this.#contextFor('generic-garbage-collector'), resources),
      new NodeLifecycleController(nodes, { graceMs: nodeMonitorGraceMs }),
      new TaintEviction(this.#contextFor('taint-eviction-controller')),
      new PodGc(this.#contextFor('pod-garbage-collector'), { terminatedThreshold: terminatedPodThreshold }),
      new DisruptionController(this.#contextFor('disruption-controller'), resources),
      new ResourceQuotaController(this.#contextFor('resourcequota-controller'), resources),
      claimProtection(this.#contextFor('pvc-protection-controller')),
      volumeProtection(this.#contextFor('pv-protection-controller')),
      attributesClassProtection(this.#contextFor('volumeattributesclass-protection-controller')),
      serviceCidrProtection(this.#contextFor('service-cidrs-controller')),
      serviceAccountController(this.#contextFor('service-account-controller')),
      certificateCleaning(certificates),
      ...(certificateAuthority ? [certificateSigning(certificates, certificateAuthority)] : []),
      clusterRoleAggregation(this.#contextFor('clusterrole-aggregation-controller')),
      ...(clusterCidr ? [nodeIpamController(nodes, { clusterCidr, maskSizeIpv4: nodeCidrMaskSize })] : []),
      ...(rootCa ? [rootCaPublisher(this.#contextFor('root-ca-cert-publisher'), rootCa)] : []),
    ];
  }

  /** Names are those of the controllers' service accounts, and of the sources of their events. */
  #contextFor(name: string): ControllerContext {
    const { client, clientFor, clock, random, log } = this.#options;
    const own = clientFor?.(name) ?? client.as(name);
    const events = new EventRecorder({ client: own, component: name, clock, random, log });
    this.#recorders.push(events);
    return { client: own, informers: this.#informers, events, clock, random, log: log.child({ controller: name }) };
  }
}
