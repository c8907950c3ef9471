import { stringify, type ScalarTag } from 'yaml';

/** Go reads this as an integer too, so the string must be quoted. */
const newOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => text,
};

/** What go-yaml neither writes nor reads as it is (`yamlprivateh.go`, is_printable). */
// oxlint-disable-next-line no-control-regex -- that is what these are
const unprintable = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

/** Text that must be quoted: also a block of nothing but spaces and line ends, which a reader takes for indentation. */
const quoted: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) =>
    typeof value === 'string' && ((value.includes('\n') && /^[ \n]*$/.test(value)) || value.search(unprintable) >= 0),
  resolve: (text) => text,
  stringify: ({ value }) => JSON.stringify(value).replace(unprintable, escapeOf),
};

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** YAML as kubectl prints it: keys sorted, lists not indented, and quoted whatever YAML 1.1 would take for something else. */
export function formatYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    customTags: (known) => [newOctal, quoted, ...known],
    sortMapEntries: true,
    indentSeq: false,
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
  });
}
