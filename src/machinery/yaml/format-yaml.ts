import { stringify, type ScalarTag } from 'yaml';

/** Go reads this as an integer too, so the string must be quoted. */
const newOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => text,
};

/** In a block of nothing but spaces and line ends a reader takes the spaces for indentation. */
const blank: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  identify: (value) => typeof value === 'string' && value.includes('\n') && /^[ \n]*$/.test(value),
  resolve: (text) => text,
  stringify: ({ value }) => JSON.stringify(value),
};

/** YAML as kubectl prints it: keys sorted, lists not indented, and quoted whatever YAML 1.1 would take for something else. */
export function formatYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    customTags: (known) => [newOctal, blank, ...known],
    sortMapEntries: true,
    indentSeq: false,
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
  });
}
