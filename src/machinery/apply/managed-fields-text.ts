import type { ManagedFieldsEntry } from '../schema/resource.ts';

/** The JSON of `metadata.managedFields`. */
export function managedFieldsText(entries: readonly ManagedFieldsEntry[]): string {
  return `[${entries.map(entryText).join(',')}]`;
}

function entryText({ fieldsV1, ...entry }: ManagedFieldsEntry): string {
  const text = JSON.stringify(entry);
  if (fieldsV1 === undefined) return text;
  return `{"fieldsV1":${setText(fieldsV1)}${text === '{}' ? '}' : `,${text.slice(1)}`}`;
}

/**
 * The texts of sets: the objects of a template have one between them (`nodeOf`), and it takes longer to write than all else
 * of a pod. They are forgotten all at once; those in use are soon there again.
 */
const texts = new Map<object, string>();
const maxTexts = 256;

function setText(set: unknown): string {
  // What may change is not remembered.
  if (typeof set !== 'object' || set === null || !Object.isFrozen(set)) return JSON.stringify(set);
  let text = texts.get(set);
  if (text === undefined) {
    if (texts.size >= maxTexts) texts.clear();
    texts.set(set, (text = JSON.stringify(set)));
  }
  return text;
}
