import { isObject } from '../json.ts';
import { keyElement, keyText, onlyKeyElement, valueElement, type PathElement } from './path-element.ts';
import type { ListShape } from './shape.ts';

/** The path element of a list's item. Throws, in upstream's words, for an item that cannot be told from others. */
export function itemElement({ keys }: ListShape, item: unknown): PathElement {
  if (keys.length === 0) return setElement(item);
  if (item === null) throw new Error('associative list with keys may not have a null element');
  if (!isObject(item)) throw new Error('associative list with keys may not have non-map elements');
  let told = '';
  for (const key of keys) {
    const own = Object.hasOwn(item, key.name) ? item[key.name] : undefined;
    const value = own === undefined ? key.default : own;
    if (keys.length === 1 && typeof value === 'string') return onlyKeyElement(key.name, value);
    if (value !== undefined) told += `${told === '' ? '' : ','}${keyText(key.name, value)}`;
  }
  if (told !== '') return keyElement(told);
  const names = keys.map(({ name }) => JSON.stringify(name)).join(' ');
  throw new Error(
    `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  );
}

function setElement(item: unknown): PathElement {
  if (item === null) throw new Error("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new Error('not supported: associative list with lists as elements');
  if (isObject(item)) throw new Error("associative list without keys has an element that's a map type");
  return valueElement(item);
}

/** A list's items by their elements, in order; several where keys or values come twice. */
export function itemsByElement(list: ListShape, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const found = new Map<PathElement, unknown[]>();
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    const element = elementAt(list, item, at);
    const same = found.get(element);
    if (same) same.push(item);
    else found.set(element, [item]);
  }
  return found;
}

/** As `itemElement`; its errors say which item it is. */
export function elementAt(list: ListShape, item: unknown, at: number): PathElement {
  try {
    return itemElement(list, item);
  } catch (error) {
    throw new Error(`element ${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
