import type { FieldError, FieldErrors } from './field-errors.ts';
import type { Message, Type } from './schema/types.ts';

/** Which of the errors the schema has found. */
interface Found {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts what the schema has found among what the rules of a kind have found, where upstream tells it: its rules go through
 * an object once, field by field, and check what we leave to the schema on their way. The rules' own order is upstream's
 * already. A fault goes to those that share the most of its path, before the first that is about a later field, or else
 * behind them.
 */
export function placeErrors(message: Message, errors: FieldErrors, { from, to }: Found): void {
  const all = errors.list.map(located);
  const placed = [...all.slice(0, from), ...all.slice(to)];
  const found = all.slice(from, to).filter(({ error }) => !errors.isIgnored(error.field));
  for (const one of found) placed.splice(placeOf(message, one, placed), 0, one);
  errors.replace(placed.map(({ error }) => error));
}

/** An error with the steps of its path: names, indexes and keys. */
interface Located {
  readonly error: FieldError;
  readonly steps: readonly string[];
}

function located(error: FieldError): Located {
  return { error, steps: error.field.match(/[^.[\]]+|\[[^\]]*\]/g) ?? [] };
}

function placeOf(message: Message, { steps }: Located, placed: readonly Located[]): number {
  const shared = placed.map((one) => sharedSteps(steps, one.steps));
  const most = Math.max(0, ...shared);
  const orderOf = siblingsAt(message, steps.slice(0, most));
  const own = orderOf(steps[most]);
  const near = [...placed.keys()].filter((at) => shared[at] === most);
  // What is said of a thing itself comes before what is said of its parts, and what the schema says before the rules.
  const isWhole = steps.length === most;
  const later = near.find((at) => isWhole || orderOf(placed[at]?.steps[most]) > own);
  return later ?? (near.at(-1) ?? -1) + 1;
}

function sharedSteps(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}

/** When each member of what stands at these steps is looked at; what is no field of its type is told first. */
function siblingsAt(message: Message, steps: readonly string[]): (step: string | undefined) => number {
  let type: Type | undefined = { kind: 'message', message: () => message };
  for (const step of steps) type = typeBelow(type, step);
  const fields = messageOf(type);
  const order = fields ? (fields.walk ?? Object.keys(fields.fields)) : undefined;
  return (step) => {
    if (step === undefined) return -1;
    return order ? order.indexOf(step) : Number(/^\[(\d+)\]$/.exec(step)?.[1] ?? -1);
  };
}

function typeBelow(type: Type | undefined, step: string): Type | undefined {
  if (type?.kind === 'list') return type.items;
  if (type?.kind === 'map') return type.values;
  return messageOf(type)?.fields[step]?.type;
}

function messageOf(type: Type | undefined): Message | undefined {
  return type?.kind === 'message' || type?.kind === 'either' ? type.message() : undefined;
}
