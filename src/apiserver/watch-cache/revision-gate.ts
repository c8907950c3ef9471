interface Waiter {
  readonly revision: number;
  readonly pass: () => void;
}

/** Lets those through who wait for a revision, once everything up to it is known. */
export class RevisionGate {
  #revision = 0;
  #waiting: Waiter[] = [];

  get revision(): number {
    return this.#revision;
  }

  /** Everything up to `revision` is known. */
  advance(revision: number): void {
    if (revision <= this.#revision) return;
    this.#revision = revision;
    if (this.#waiting.length === 0) return;
    const passing = this.#waiting.filter((waiter) => waiter.revision <= revision);
    if (passing.length === 0) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter.revision > revision);
    for (const waiter of passing) waiter.pass();
  }

  /** Resolves with true when the revision is reached, with false when the signal aborts first. */
  reached(revision: number, signal: AbortSignal): Promise<boolean> {
    if (this.#revision >= revision) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        revision,
        pass: () => {
          signal.removeEventListener('abort', give);
          resolve(true);
        },
      };
      const give = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        resolve(false);
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', give, { once: true });
    });
  }
}
