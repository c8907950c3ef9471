import type { FieldPath } from './field-path.ts';

/** What a client should know of an object that is let in all the same: it goes into the `Warning` header. */
export class Warnings {
  readonly list: string[] = [];

  add(text: string): void {
    this.list.push(text);
  }

  /** About one field: `spec.containers[0].ports[1]: duplicate port definition`. */
  at(path: FieldPath, text: string): void {
    this.list.push(`${path.toString()}: ${text}`);
  }
}
