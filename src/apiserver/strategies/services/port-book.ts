import type { KeyValue, Store } from '#etcd';
import { isObject } from '#machinery';
import type { PortRange } from './port-allocator.ts';
import { PortSet } from './port-set.ts';

/** Which node ports are taken: what all API servers of a cluster agree on. */
export interface PortBook {
  /**
   * Changes the set, and answers with what `decide` says. It may be asked anew where somebody else was faster, and only
   * its last answer counts: it must change nothing but the set.
   */
  change<T>(decide: (taken: PortSet) => T): Promise<T>;
}

const key = Buffer.from('/registry/ranges/servicenodeports');

interface State {
  readonly taken: PortSet;
  /** Of the last change; 0 before the first. */
  readonly revision: number;
}

interface Waiting {
  readonly decide: (taken: PortSet) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The ports in one object of the store, which is written only as it was read (`allocator/storage/storage.go`): no two
 * API servers can give the same port. What is wanted while a change is written goes together into the next one.
 */
export class StoredPorts implements PortBook {
  readonly #store: Pick<Store, 'range' | 'txn'>;
  readonly #range: PortRange;
  readonly #waiting: Waiting[] = [];
  #writing = false;
  /** As this server left it: nobody else may have changed it since. */
  #known: State | undefined;

  constructor({ store, range }: { store: Pick<Store, 'range' | 'txn'>; range: PortRange }) {
    this.#store = store;
    this.#range = range;
  }

  async change<T>(decide: (taken: PortSet) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let answer: { value: T } | undefined;
    this.#waiting.push({ decide: (taken) => (answer = { value: decide(taken) }), resolve, reject });
    if (!this.#writing) void this.#writeAll();
    await promise;
    if (!answer) throw new Error('a change of the node ports was not decided on');
    return answer.value;
  }

  /** Each waiter hears of what went wrong with his own change. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const changes = this.#waiting.splice(0);
      try {
        await this.#write(changes);
        for (const { resolve } of changes) resolve();
      } catch (error) {
        this.#known = undefined;
        for (const { reject } of changes) reject(error);
      }
    }
    this.#writing = false;
  }

  async #write(changes: readonly Waiting[]): Promise<void> {
    let state = this.#known;
    let isNewest = false;
    for (;;) {
      state ??= stateOf(this.#range, (await this.#store.range({ key })).kvs[0]);
      isNewest ||= state !== this.#known;
      const taken = state.taken.copy();
      for (const { decide } of changes) decide(taken);
      const isSame = taken.equals(state.taken);
      if (isSame && isNewest) return;
      // What follows from an old state, also that nothing is to be done, does not stand.
      if (isSame) state = undefined;
      else {
        const lost = await this.#put(taken, state);
        if (!lost) return;
        state = lost;
      }
      isNewest = true;
      this.#known = state;
    }
  }

  /** Returns the state that somebody else made meanwhile, if one did. */
  async #put(taken: PortSet, { revision }: State): Promise<State | undefined> {
    const answer = await this.#store.txn({
      compare: [{ key, target: 'mod', result: '=', value: revision }],
      success: [{ put: { key, value: valueOf(this.#range, taken) } }],
      failure: [{ range: { key } }],
    });
    if (answer.succeeded) {
      this.#known = { taken, revision: answer.header.revision };
      return undefined;
    }
    const [found] = answer.responses;
    return stateOf(this.#range, found && 'range' in found ? found.range.kvs[0] : undefined);
  }
}

/** As upstream's API servers keep it, in the form of JSON. */
function valueOf(range: PortRange, taken: PortSet): Buffer {
  const data = Buffer.from(taken.toBytes()).toString('base64');
  const metadata = { creationTimestamp: null };
  return Buffer.from(
    JSON.stringify({ kind: 'RangeAllocation', apiVersion: 'v1', metadata, range: textOf(range), data }),
  );
}

function textOf({ first, last }: PortRange): string {
  return `${first}-${last}`;
}

/** What was said of another range says nothing of this one: the repair takes what Services have. */
function stateOf(range: PortRange, kv: KeyValue | undefined): State {
  const size = range.last - range.first + 1;
  if (!kv) return { taken: new PortSet(size), revision: 0 };
  const value: unknown = JSON.parse(Buffer.from(kv.value).toString());
  const isOwn = isObject(value) && value['range'] === textOf(range) && typeof value['data'] === 'string';
  const data = isOwn ? Buffer.from(String(value['data']), 'base64') : new Uint8Array();
  return { taken: PortSet.of(size, data), revision: kv.modRevision };
}
