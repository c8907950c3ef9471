/** A binary heap with removal by key: the item that goes first is taken out in O(log n). */
export class Heap<T extends { readonly key: string }> {
  readonly #items: T[] = [];
  readonly #places = new Map<string, number>();
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  get(key: string): T | undefined {
    const at = this.#places.get(key);
    return at === undefined ? undefined : this.#items[at];
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item, or replaces the one with its key. */
  push(item: T): void {
    this.remove(item.key);
    this.#items.push(item);
    this.#places.set(item.key, this.#items.length - 1);
    this.#up(this.#items.length - 1);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first) this.remove(first.key);
    return first;
  }

  remove(key: string): T | undefined {
    const at = this.#places.get(key);
    if (at === undefined) return undefined;
    const removed = this.#items[at];
    const last = this.#items.pop();
    this.#places.delete(key);
    if (last && last !== removed) {
      this.#put(last, at);
      this.#up(at);
      this.#down(this.#places.get(last.key) ?? at);
    }
    return removed;
  }

  #put(item: T, at: number): void {
    this.#items[at] = item;
    this.#places.set(item.key, at);
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #down(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [leftItem, rightItem] = [this.#items[left], this.#items[right]];
      if (!leftItem) return;
      const child = rightItem && this.#before(rightItem, leftItem) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [itemA, itemB] = [this.#items[a], this.#items[b]];
    if (!itemA || !itemB || !this.#before(itemA, itemB)) return false;
    this.#put(itemA, b);
    this.#put(itemB, a);
    return true;
  }
}
