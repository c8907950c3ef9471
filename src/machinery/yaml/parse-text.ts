import { isScalar, parseAllDocuments, visit, type Document, type Node, type YAMLMap } from 'yaml';
import { goWords } from './go-words.ts';
import { tags } from './tags.ts';

/** What a YAML (or JSON) text holds. */
export interface YamlContent {
  /** The documents that hold anything, as plain JSON. As in Go, the last of a doubled key wins. */
  documents: unknown[];
  /** The keys that stand in one map twice, as go-yaml tells them: `line 2: key "a" already set in map`. */
  doubledKeys: string[];
}

/** What go-yaml does not read (`readerc.go`). */
// oxlint-disable-next-line no-control-regex -- that is what these are
const unreadable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * Reads a text. It imports nothing of ours, since it also runs in a thread that should start fast.
 * @throws Error with the line, in go-yaml's manner; for nesting that the stack does not hold, `NestingError`
 */
export function parseText(text: string): YamlContent {
  try {
    const documents = documentsOf(text);
    for (const { errors } of documents) {
      const [error] = errors;
      if (error?.message.startsWith('Maximum call stack size exceeded')) throw new NestingError();
      if (error) throw new Error(goWords(error, text));
    }
    if (unreadable.test(text)) throw new Error('yaml: control characters are not allowed');
    const values = documents.map((document): unknown => document.toJS());
    return {
      documents: values.filter((value) => value !== null && value !== undefined),
      doubledKeys: doubledKeys(text, documents),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new NestingError();
    throw error instanceof ReferenceError ? unknownAnchor(error) : error;
  }
}

/** An alias of nothing is found when the document is made a value. */
function unknownAnchor(error: ReferenceError): Error {
  const name = /: (.*)$/.exec(error.message)?.[1] ?? '';
  return new Error(`yaml: unknown anchor '${name}' referenced`, { cause: error });
}

/** The text nests deeper than the thread's stack allows to follow. */
export class NestingError extends Error {
  constructor() {
    super('yaml: exceeded max depth');
    this.name = 'NestingError';
  }
}

function documentsOf(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: tags,
    merge: true,
    uniqueKeys: false, // the library compares each key with all others of its map
    prettyErrors: false,
    logLevel: 'error',
  });
  return Array.isArray(documents) ? documents : [];
}

function doubledKeys(text: string, documents: readonly Document.Parsed[]): string[] {
  const doubled: Node[] = [];
  for (const document of documents) visit(document, { Map: (_, map) => void doubled.push(...doubledOf(map)) });
  const lines = new Lines(text);
  return doubled
    .map((key) => ({ key, from: key.range?.[0] ?? 0 }))
    .sort((one, other) => one.from - other.from)
    .map(({ key, from }) => `line ${lines.at(from)}: key ${JSON.stringify(textOf(key))} already set in map`);
}

function doubledOf({ items }: YAMLMap): Node[] {
  const seen = new Set<unknown>();
  const doubled: Node[] = [];
  for (const { key } of items) {
    const name = isScalar(key) ? key.value : key;
    if (seen.has(name) && name !== '<<') doubled.push(key as Node); // maps may be merged in many times
    seen.add(name);
  }
  return doubled;
}

function textOf(key: Node): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

/** Line numbers of rising offsets, counted in one walk over the text. */
class Lines {
  readonly #text: string;
  #line = 1;
  #end = -1;

  constructor(text: string) {
    this.#text = text;
    this.#end = text.indexOf('\n');
  }

  /** The line of an offset that is no smaller than the one before. */
  at(offset: number): number {
    while (this.#end >= 0 && this.#end < offset) {
      this.#line += 1;
      this.#end = this.#text.indexOf('\n', this.#end + 1);
    }
    return this.#line;
  }
}
