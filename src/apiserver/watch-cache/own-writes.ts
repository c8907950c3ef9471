import type { KubeObject } from '#machinery';
import { StoredObject } from './stored.ts';

/** A write of this process on its way through the store. */
export class OwnWrite {
  /** The text as the store has it. */
  readonly value: Buffer;
  readonly #text: string;
  readonly #object: KubeObject;
  #stored: StoredObject | undefined;

  constructor(object: KubeObject, text: string) {
    this.#object = object;
    this.#text = text;
    this.value = Buffer.from(text);
  }

  /** The version that the write became: one object for the writer's answer and for all who watch. */
  storedAt(revision: number): StoredObject {
    if (this.#stored?.resourceVersion !== revision) {
      this.#stored = new StoredObject(revision, this.#text, this.#object);
    }
    return this.#stored;
  }
}

/**
 * Writes whose events have not come back yet. An event whose bytes are those of a write here needs no parsing: the
 * object that was written is the object that was read.
 */
export class OwnWrites {
  readonly #byKey = new Map<string, OwnWrite[]>();

  /** Announces a write, before it goes to the store. */
  expect(key: string, write: OwnWrite): void {
    const writes = this.#byKey.get(key);
    if (writes) writes.push(write);
    else this.#byKey.set(key, [write]);
  }

  /** Takes the write back: the store refused it. */
  forget(key: string, write: OwnWrite): void {
    this.#remove(key, (other) => other === write);
  }

  /** The version at `revision` if this process wrote these bytes, which are then no longer awaited. */
  claim(key: string, value: Buffer, revision: number): StoredObject | undefined {
    const write = this.#byKey.get(key)?.find((one) => one.value.equals(value));
    if (!write) return undefined;
    this.#remove(key, (other) => other === write);
    return write.storedAt(revision);
  }

  clear(): void {
    this.#byKey.clear();
  }

  #remove(key: string, which: (write: OwnWrite) => boolean): void {
    const writes = this.#byKey.get(key) ?? [];
    const at = writes.findIndex(which);
    if (at >= 0) writes.splice(at, 1);
    if (writes.length === 0) this.#byKey.delete(key);
  }
}
