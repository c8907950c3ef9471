import type { ScalarTag } from 'yaml';

/**
 * YAML as `sigs.k8s.io/yaml` reads it, which is YAML 1.1 as go-yaml v2 knows it: `0644` is 420, `no` is false, `1e3` is a
 * thousand, while dates, times and `1:30` stay strings, and so does a lone `.`.
 */
export const tags: ScalarTag[] = [
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
