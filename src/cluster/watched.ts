import type { ComponentCheck } from '#apiserver';
import type { Component } from '#base';

/** A component that can be asked whether it runs. */
export class Watched implements Component, ComponentCheck {
  readonly name: string;
  readonly #component: Component;
  #isRunning = false;

  constructor(name: string, component: Component) {
    this.name = name;
    this.#component = component;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#isRunning = true;
    try {
      await this.#component.run(signal);
    } finally {
      this.#isRunning = false;
    }
  }

  async check(): Promise<void> {
    if (!this.#isRunning) throw new Error(`${this.name} is not running`);
  }
}
