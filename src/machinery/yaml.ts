import { parseAllDocuments, stringify, type Document, type ScalarTag } from 'yaml';
import { messageOf } from '#base';
import { badRequest } from './status.ts';

/**
 * YAML as `sigs.k8s.io/yaml` reads it, which is YAML 1.1 as go-yaml v2 knows it: `0644` is 420, `no` is false, `1e3` is a
 * thousand, while dates, times and `1:30` stay strings, and so does a lone `.`.
 */
const tags: ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:null',
    default: true,
    test: /^(?:~|null|Null|NULL)?$/,
    resolve: () => null,
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
    resolve: (text) => /^(?:y|t|on)/i.test(text),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?(?:0b[01_]+|0o?[0-7_]*|0x[\da-fA-F_]+|[1-9][\d_]*)$/,
    resolve: (text) => readInteger(text.replaceAll('_', '')),
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$/,
    resolve: (text) => Number(text.replaceAll('_', '')),
  },
];

/** Go's `strconv.ParseInt(text, 0, 64)`. */
function readInteger(text: string): number {
  const digits = text.replace(/^[-+]/, '');
  const size = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return text.startsWith('-') ? -size : size;
}

/** All documents of a YAML (or JSON) text that hold anything, as plain JSON. Throws StatusError (BadRequest), with the line. */
export function parseYaml(text: string): unknown[] {
  try {
    // As in Go, the last of a doubled key wins.
    const documents = parseDocuments(text, false);
    return documents.flatMap((document) => {
      const [error] = document.errors;
      if (error) throw new Error(`yaml: line ${lineAt(text, error.pos[0])}: ${error.message}`);
      const value: unknown = document.toJS();
      return value === null || value === undefined ? [] : [value];
    });
  } catch (error) {
    // Nesting past the stack ends here too, as a RangeError.
    throw badRequest(`error converting YAML to JSON: ${messageOf(error)}`);
  }
}

/** The keys that stand in one map twice in a text that can be parsed, as go-yaml tells them: `line 2: key "a" already set in map`. */
export function doubledYamlKeys(text: string): string[] {
  const doubled = parseDocuments(text, true).flatMap(({ errors }) =>
    errors.filter(({ code }) => code === 'DUPLICATE_KEY'),
  );
  return doubled.map(({ pos: [from] }) => {
    const [, double, single, plain = ''] = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^:\s]+))/.exec(text.slice(from)) ?? [];
    return `line ${lineAt(text, from)}: key ${JSON.stringify(double ?? single ?? plain)} already set in map`;
  });
}

function parseDocuments(text: string, uniqueKeys: boolean): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: tags,
    merge: true,
    uniqueKeys,
    prettyErrors: false,
    logLevel: 'error',
  });
  return Array.isArray(documents) ? documents : [];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Go reads this as an integer too, so the string must be quoted. */
const newOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => text,
};

/** YAML as kubectl prints it: keys sorted, lists not indented, and quoted whatever YAML 1.1 would take for something else. */
export function formatYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    customTags: (known) => [newOctal, ...known],
    sortMapEntries: true,
    indentSeq: false,
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
  });
}
