import { leases, type Lease, type Node } from '#api';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import type { Client } from '#client';
import { formatMicroTime, isStatusError } from '#machinery';

export interface NodeLeaseOptions {
  readonly client: Client;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The node as the API has it, which owns the lease. */
  readonly node: () => Node | undefined;
}

const namespace = 'kube-node-lease';
const durationSeconds = 40;
/** A quarter of the duration, as upstream. */
const renewMs = 10_000;
const retryMs = 200;
const maxRetries = 5;

/** Says every ten seconds that the node lives, by renewing its lease: much cheaper than writing the whole node. */
export class NodeLease implements Component {
  readonly #options: NodeLeaseOptions;
  #held: Lease | undefined;

  constructor(options: NodeLeaseOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#renew(signal);
      await this.#options.clock.sleep(renewMs, signal).catch(() => {});
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, log, nodeName } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        this.#held = await this.#write(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (attempt === maxRetries)
          return log.warn({ node: nodeName, error: messageOf(error) }, 'lease could not be renewed');
        this.#held = undefined; // read it anew
        await clock.sleep(retryMs * 2 ** attempt, signal).catch(() => {});
      }
    }
  }

  async #write(signal: AbortSignal): Promise<Lease> {
    const { client, nodeName, clock, node } = this.#options;
    const calls = client.of(leases).in(namespace);
    const held = this.#held ?? (await this.#read(signal));
    const renewTime = formatMicroTime(clock.now());
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: durationSeconds, renewTime };
    if (held) return calls.update({ ...held, spec: { ...held.spec, ...spec } }, { signal });
    const owner = node();
    const ownerReferences = owner
      ? [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid: owner.metadata.uid ?? '' }]
      : undefined;
    return calls.create(
      { metadata: { name: nodeName, namespace, ...(ownerReferences && { ownerReferences }) }, spec },
      { signal },
    );
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, nodeName } = this.#options;
    try {
      return await client.of(leases).in(namespace).get(nodeName, { signal });
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
