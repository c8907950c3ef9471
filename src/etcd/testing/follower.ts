import assert from 'node:assert/strict';
import type { Store, Watch, WatchRequest } from '../store.ts';
import type { ModelEvent, StoreModel } from './model.ts';
import { eventOf } from './told.ts';

/** Reads a watch as it comes, and holds what it told against the model. */
export class Follower {
  readonly #watch: Watch;
  readonly #request: WatchRequest;
  readonly #model: StoreModel;
  /** By revision. */
  readonly #told: ModelEvent[][] = [];
  readonly #isTooLate: boolean;
  #compactRevision: number | undefined;
  #news: (() => void) | undefined;
  readonly #reading: Promise<void>;

  constructor(store: Store, request: WatchRequest, model: StoreModel) {
    this.#request = request;
    this.#model = model;
    this.#isTooLate = (request.startRevision ?? 0) < model.compacted;
    this.#watch = store.watch(request);
    this.#reading = this.#read();
  }

  /** It was told that its start is compacted. */
  get isOver(): boolean {
    return this.#compactRevision !== undefined;
  }

  /** Waits until everything that the model expects was told, and nothing else. */
  async check(): Promise<void> {
    if (this.#isTooLate) {
      await this.#until(() => this.isOver);
      assert.deepEqual(this.#told, []);
      return;
    }
    await this.#until(() => this.isOver || this.#told.length >= this.#expected().length);
    // A watch that has not begun when its start is compacted may be refused for it; what it told before must be right.
    if (this.isOver) assert.ok((this.#request.startRevision ?? 0) < this.#model.compacted);
    const expected = this.isOver ? this.#expected().slice(0, this.#told.length) : this.#expected();
    assert.deepEqual(
      this.#told.map((events) => events.map((event) => this.#known(event))),
      expected,
    );
  }

  stop(): void {
    this.#watch.cancel();
  }

  async #read(): Promise<void> {
    for await (const { events, canceled, compactRevision } of this.#watch) {
      if (canceled) this.#compactRevision = compactRevision ?? 0;
      for (const own of Map.groupBy(events, ({ kv }) => kv.modRevision).values()) this.#told.push(own.map(eventOf));
      this.#news?.();
    }
  }

  #expected(): ModelEvent[][] {
    return this.#model.eventsOf(this.#request);
  }

  /** What was before an event is only compared where it is not compacted: whether it was told depends on when. */
  #known(event: ModelEvent): ModelEvent {
    return event.kv.mod - 1 >= this.#model.compacted ? event : { type: event.type, kv: event.kv };
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const news = new Promise<void>((resolve) => (this.#news = resolve));
      await Promise.race([news, this.#reading.then(() => assert.ok(holds(), 'the watch ended'))]);
    }
  }
}
