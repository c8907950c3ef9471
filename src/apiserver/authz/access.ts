import { runAll, type Clock, type Component, type Logger } from '#base';
import type { PersistentVolume, VolumeAttachment } from '#api';
import type { Rest } from '../registry/rest.ts';
import { Mirror } from './mirror.ts';
import { NodeAuthorizer } from './node-authorizer.ts';
import { NodeGraph, type PodLike } from './node-graph.ts';
import { VolumeGraph } from './volume-graph.ts';
import { RbacAuthorizer } from './rbac.ts';
import { RegistryRoles } from './registry-roles.ts';
import { UnionAuthorizer } from './union.ts';
import type { Authorizer } from './attributes.ts';

/** All that decides who may do what, and what keeps it up to date. */
export class Access implements Component {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly #roles: RegistryRoles;
  readonly #mirrors: readonly Pick<Mirror, 'run' | 'synced'>[];

  constructor(options: { rest: (group: string, plural: string) => Rest; clock: Clock; log: Logger }) {
    const { rest, clock, log } = options;
    const graph = new NodeGraph();
    const volumes = new VolumeGraph(graph);
    this.#roles = new RegistryRoles(options);
    this.#mirrors = [
      new Mirror<PodLike>({ rest: rest('', 'pods'), clock, log, changed: (old, now) => graph.changed(old, now) }),
      new Mirror<PersistentVolume>({
        rest: rest('', 'persistentvolumes'),
        clock,
        log,
        changed: (old, now) => volumes.volumeChanged(old, now),
      }),
      new Mirror<VolumeAttachment>({
        rest: rest('storage.k8s.io', 'volumeattachments'),
        clock,
        log,
        changed: (old, now) => volumes.attachmentChanged(old, now),
      }),
    ];
    this.rbac = new RbacAuthorizer(this.#roles);
    // Nodes first: they are the most frequent askers, and their answer is the cheapest.
    this.authorizer = new UnionAuthorizer([new NodeAuthorizer(graph, volumes), this.rbac]);
  }

  /** Resolves when everything that decisions rest on has been read. */
  async synced(): Promise<void> {
    await Promise.all([this.#roles.synced(), ...this.#mirrors.map(({ synced }) => synced)]);
  }

  async run(signal: AbortSignal): Promise<void> {
    await runAll([this.#roles, ...this.#mirrors], signal);
  }
}
