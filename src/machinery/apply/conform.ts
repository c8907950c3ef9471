import { elementAt } from './list-items.ts';
import { describeElement, type PathElement } from './path-element.ts';
import { goString, goSyntax, goTypeOf } from '../go-values.ts';
import { asList, asMap, kindOf, memberShape, type ListShape, type MapShape, type Shape } from './shape.ts';

/**
 * What is wrong with a configuration that somebody applies, in upstream's words (`typed/validate.go`); empty where
 * nothing is. Types are looked at loosely (a quantity is any scalar): what it makes of the object is decoded again.
 */
export function conform(shape: Shape, value: unknown): string[] {
  const faults: string[] = [];
  check(shape, value, { path: '', faults });
  return faults;
}

/** Several faults in one text. */
export function joinFaults(faults: readonly string[]): string {
  return faults.length === 1 ? faults.join('') : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
}

interface Place {
  readonly path: string;
  readonly faults: string[];
}

function say({ path, faults }: Place, what: string): void {
  faults.push(path === '' ? what : `${path}: ${what}`);
}

function at({ path, faults }: Place, element: PathElement): Place {
  return { path: path + describeElement(element), faults };
}

function check(shape: Shape, value: unknown, place: Place): void {
  if (value === null) return;
  switch (kindOf(shape, value)) {
    case 'map':
      if (shape.map) checkMap(shape.map, value, place);
      break;
    case 'list':
      if (shape.list) checkList(shape.list, value, place);
      break;
    default:
      checkScalar(shape, value, place);
  }
}

function checkScalar({ scalar }: Shape, value: unknown, place: Place): void {
  switch (scalar) {
    case 'numeric':
      if (typeof value !== 'number') say(place, `expected numeric (int or float), got ${goTypeOf(value)}`);
      break;
    case 'string':
      if (typeof value !== 'string') {
        say(place, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
      }
      break;
    case 'boolean':
      if (typeof value !== 'boolean') say(place, `expected boolean, got &{${goString(value)}}`);
      break;
    default:
      if (typeof value === 'object') say(place, `expected any scalar, got &{${goString(value)}}`);
  }
}

function checkMap(map: MapShape, value: unknown, place: Place): void {
  const members = asMap(value);
  if (!members) return say(place, `expected map, got &{${goString(value)}}`);
  for (const [name, member] of Object.entries(members)) {
    const shape = memberShape(map, name);
    const here = at(place, `f:${name}`);
    if (!shape) return say(here, 'field not declared in schema');
    check(shape, member, here);
  }
}

function checkList(list: ListShape, value: unknown, place: Place): void {
  const items = asList(value);
  if (!items) return say(place, `expected list, got &{${goString(value)}}`);
  const seen = new Set<PathElement>();
  for (const [index, item] of items.entries()) {
    let element: PathElement = `i:${index}`;
    if (!list.isAtomic) {
      try {
        element = elementAt(list, item, index);
      } catch (error) {
        // What cannot be told apart cannot be looked into either.
        return say(place, error instanceof Error ? error.message : String(error));
      }
      if (seen.has(element)) say(place, `duplicate entries for key ${describeElement(element)}`);
      seen.add(element);
    }
    check(list.items, item, at(place, element));
  }
}
