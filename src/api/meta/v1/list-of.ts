import { list, message, of, present, required, type Message } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

const made = new WeakMap<Message, Message>();

/** The list type of a kind (`PodList`): all lists look the same, so none is written by hand. */
export function listOf<T>(kind: Message<T>): Message {
  let known = made.get(kind);
  if (!known) made.set(kind, (known = declareList(kind)));
  return known;
}

function declareList<T>(kind: Message<T>): Message {
  const declared = class extends message(`A list of ${kind.name} objects.`, {
    ...typeMeta,
    metadata: present(of(1, 'The version of the list, and where it goes on.', ListMeta)),
    items: required(list(2, 'The objects.', kind, { isListTypeUntold: true })),
  }) {};
  Object.defineProperty(declared, 'name', { value: `${kind.name}List` });
  return declared;
}
