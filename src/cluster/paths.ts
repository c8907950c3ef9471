import { join } from 'node:path';
import { checkClusterName } from './cluster-name.ts';

/**
 * Where a cluster keeps what it has:
 *
 *     HOME/images/                     blobs and unpacked layers, shared by all clusters of the machine
 *     HOME/clusters/NAME/cluster.json  what was asked for: nodes, addresses, ports
 *                        pki/          certificates and keys
 *                        store/        the data of etcd; where there are several servers, etcd/MEMBER/
 *                        snapshots/    copies of it, where they are asked for
 *                        logs/         one file a process
 *                        run/          sockets and process records; nothing that must outlive a boot
 *                        nodes/NODE/   the root of a node's container runtime and kubelet
 */
export class ClusterPaths {
  readonly home: string;
  readonly name: string;

  /** Throws when the name is none of a cluster: it would lead elsewhere. */
  constructor(home: string, name: string) {
    checkClusterName(name);
    this.home = home;
    this.name = name;
  }

  get images(): string {
    return imagesFolder(this.home);
  }

  get root(): string {
    return join(this.home, 'clusters', this.name);
  }

  get config(): string {
    return join(this.root, 'cluster.json');
  }

  get pki(): string {
    return join(this.root, 'pki');
  }

  /** A certificate and its key, for programs that read them from files. */
  certificate(name: string): { certFile: string; keyFile: string } {
    return { certFile: join(this.pki, `${name}.crt`), keyFile: join(this.pki, `${name}.key`) };
  }

  /** The data of a member of etcd. */
  etcdData(member: string): string {
    return join(this.root, 'etcd', member);
  }

  get store(): string {
    return join(this.root, 'store');
  }

  /** Snapshots of the store that are saved by themselves, unless they are to lie elsewhere. */
  get snapshots(): string {
    return join(this.root, 'snapshots');
  }

  get logs(): string {
    return join(this.root, 'logs');
  }

  get run(): string {
    return join(this.root, 'run');
  }

  /** The unix socket through which nodes reach the network of the machine. */
  get relaySocket(): string {
    return join(this.run, 'relay.sock');
  }

  /** The unix socket through which the server reaches pods in a node's network. */
  dialSocket(node: string): string {
    return join(this.run, `${node}.sock`);
  }

  /** The CRI socket of a node, for crictl. */
  criSocket(node: string): string {
    return join(this.run, `${node}-cri.sock`);
  }

  /** The unix socket on which the store is served to clients of etcd. */
  get etcdSocket(): string {
    return join(this.run, 'etcd.sock');
  }

  processRecord(component: string): string {
    return join(this.run, `${component}.json`);
  }

  log(component: string): string {
    return join(this.logs, `${component}.log`);
  }

  get nodes(): string {
    return join(this.root, 'nodes');
  }

  node(node: string): string {
    return join(this.nodes, node);
  }
}

/** The folder under which all clusters of a machine lie. */
export function clustersFolder(home: string): string {
  return join(home, 'clusters');
}

/** The images of a machine, which its clusters share. */
export function imagesFolder(home: string): string {
  return join(home, 'images');
}
