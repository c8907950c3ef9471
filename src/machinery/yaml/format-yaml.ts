import { stringify, type ScalarTag } from 'yaml';

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
