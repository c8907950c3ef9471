import { runAll, type Clock, type Component, type Logger } from '#base';
import { openRemoteStore } from '#etcd';
import { apiServerCertificate } from '../certificates.ts';
import type { ClusterConfig, NodeConfig } from '../config.ts';
import { ControlPlane } from '../control-plane.ts';
import { loadEncryption } from '../encryption.ts';
import { untilListening } from '../listening.ts';
import type { Machine } from '../machine.ts';
import type { ClusterPaths } from '../paths.ts';
import { Pki } from '../pki.ts';
import { dialThrough, Relay } from '../relay.ts';
import { clientUrl } from './etcd-command.ts';
import { Front } from './front.ts';
import { ReadyCheck } from './ready-check.ts';
import { serverPort } from './server-port.ts';

export interface ClusterServerOptions {
  machine: Machine;
  paths: ClusterPaths;
  config: ClusterConfig;
  log: Logger;
}

/** One of a cluster's several servers, in a network namespace of its own, on the cluster's etcd. */
export class ClusterServer implements Component {
  readonly #options: ClusterServerOptions & { server: NodeConfig };

  constructor(options: ClusterServerOptions & { server: NodeConfig }) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { machine, paths, config, log, server } = this.#options;
    const { clock, random } = machine;
    const pki = new Pki({ directory: paths.pki, clock });
    const { certPem: cert, keyPem: key } = await pki.etcdClient();
    await using store = await openRemoteStore({
      endpoints: (config.servers?.etcd ?? []).map(clientUrl),
      tls: { ca: (await pki.etcdCa()).certPem, cert, key },
      clock,
      random,
      log: log.child({ component: 'etcd' }),
    });
    const plane = new ControlPlane({
      machine,
      log,
      store,
      pki,
      serving: await apiServerCertificate(pki, config),
      listen: [{ host: '0.0.0.0', port: serverPort }],
      advertise: { addresses: [server.ip], port: serverPort },
      serviceCidr: config.serviceCidr,
      podCidr: config.podCidr,
      dialPod: (host, port) => dialThrough(paths.dialSocket(config.nodes[0]?.name ?? ''), host, port),
      ...(config.encryption && { encryption: await loadEncryption(config.encryption, machine, log) }),
      identity: `${server.name}_${process.pid}`,
    });
    await plane.run(signal);
  }
}

/** Resolves when one of them takes connections. */
async function anyListening(
  clock: Clock,
  targets: readonly { host: string; port: number }[],
  signal: AbortSignal,
): Promise<void> {
  const found = new AbortController();
  const end = AbortSignal.any([signal, found.signal]);
  try {
    await Promise.race(targets.map(({ host, port }) => untilListening(clock, host, port, end)));
  } finally {
    found.abort();
  }
}

/** The process that stands on the machine itself for several servers: their one address, and the nodes' way out. */
export class ClusterFront implements Component {
  readonly #options: ClusterServerOptions;

  constructor(options: ClusterServerOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { machine, paths, config, log } = this.#options;
    const { servers, apiPort, bridgeIp } = config;
    const targets = (servers?.servers ?? []).map(({ ip }) => ({ host: ip, port: serverPort }));
    const pki = new Pki({ directory: paths.pki, clock: machine.clock });
    using ready = new ReadyCheck((await pki.ca()).certPem);
    const front = new Front({
      listen: ['127.0.0.1', bridgeIp].map((host) => ({ host, port: apiPort })),
      targets,
      check: (target, stop) => ready.check(target, stop),
      clock: machine.clock,
      log: log.child({ component: 'front' }),
    });
    const relay = new Relay({ path: paths.relaySocket, log: log.child({ component: 'relay' }) });
    // Who is refused waits longer than who finds nobody: the door opens when there is a server behind it.
    const opened: Component = {
      run: async (stop) => {
        await anyListening(machine.clock, targets, stop);
        await front.run(stop);
      },
    };
    await runAll([relay, opened], signal);
  }
}
