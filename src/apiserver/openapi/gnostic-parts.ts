import { setImmediate } from 'node:timers/promises';
import { encode, type Init, type Message } from '#wire';
import type { Named } from './gnostic-messages.ts';

/** Any part of a JSON document. */
export type Part = Readonly<Record<string, unknown>>;
export type NamedBytes = InstanceType<typeof Named>;

/** `named` of many, which lets other requests in between: a whole document takes some hundred milliseconds. */
export async function namedInTurns(map: unknown, bytesOf: (value: Part) => Uint8Array): Promise<NamedBytes[]> {
  const all: NamedBytes[] = [];
  for (const [index, [name, value]] of Object.entries((map ?? {}) as Record<string, Part>).entries()) {
    if (index % 20 === 19) await setImmediate();
    all.push({ name, value: bytesOf(value) });
  }
  return all;
}

export function encoded<T>(message: Message<T>, value: Init<T>): Uint8Array {
  return encode(message, message.of(value));
}

/** A JSON object as the list of names and values that gnostic makes of maps. */
export function named(map: unknown, bytesOf: (value: Part) => Uint8Array): NamedBytes[] {
  return Object.entries((map ?? {}) as Record<string, Part>).map(([name, value]) => ({ name, value: bytesOf(value) }));
}

export function listed(value: unknown): readonly Part[] {
  return (value ?? []) as readonly Part[];
}

/** What a part says in fields that OpenAPI does not know. */
export function extensions(part: Part): { name: string; value: { yaml: string } }[] {
  const own = Object.entries(part).filter(([name]) => name.startsWith('x-'));
  return own.map(([name, value]) => ({ name, value: any(value) }));
}

/** A value as YAML text, which JSON is. */
export function any(value: unknown): { yaml: string } {
  return { yaml: JSON.stringify(value) };
}
