/**
 * What names may look like. Each check returns what is wrong, in the words of apimachinery's `pkg/util/validation`
 * (and its `pkg/api/validate/content`), and nothing when the name is good.
 */

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const underscoredLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscored1123 = `${underscoredLabel}(\\.${underscoredLabel})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const wildcard1123 = `\\*\\.${subdomain1123}`;
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedName})?`;
const cIdentifier = '[A-Za-z_][A-Za-z0-9_]*';
const headerName = '[-A-Za-z0-9]+';
const envVarName = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const configMapKey = '[-._a-zA-Z0-9]+';
const percent = '[0-9]+%';
const portName = '(?=[-0-9]*[a-z])[a-z0-9]+(-[a-z0-9]+)*';

/** What there is to say of a good name. Nearly all are good: what would be wrong is only worded where something is. */
const good: readonly string[] = [];

/** Finds text that is in the language of `pattern` as a whole. */
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const is = {
  label1123: whole(label1123),
  subdomain1123: whole(subdomain1123),
  underscored1123: whole(underscored1123),
  label1035: whole(label1035),
  wildcard1123: whole(wildcard1123),
  qualifiedName: whole(qualifiedName),
  prefixedName: whole(`${subdomain1123}/${qualifiedName}`),
  labelValue: whole(labelValue),
  envVarName: whole(envVarName),
  configMapKey: whole(configMapKey),
  cIdentifier: whole(cIdentifier),
  percent: whole(percent),
  portName: whole(portName),
  headerName: whole(headerName),
};

function told(words: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map((one) => `'${one}', `).join(' or ');
  return examples.length === 0
    ? `${words} (regex used for validation is '${pattern}')`
    : `${words} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function tooLong(text: string, max: number, unit: 'characters' | 'bytes' = 'characters'): readonly string[] {
  return Buffer.byteLength(text) > max ? [`must be no more than ${max} ${unit}`] : good;
}

/** Names that become a file name must not walk up (`hasChDirPrefix`). */
function walksUp(text: string): readonly string[] {
  if (text === '.') return ["must not be '.'"];
  if (text === '..') return ["must not be '..'"];
  return text.startsWith('..') ? ["must not start with '..'"] : good;
}

/** A DNS label: namespaces, containers, volumes. */
export function isDns1123Label(name: string): readonly string[] {
  if (name.length <= 63 && is.label1123.test(name)) return good;
  const errors = tooLong(name, 63);
  if (is.label1123.test(name)) return errors;
  if (is.subdomain1123.test(name)) return [...errors, 'must not contain dots'];
  const words =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...errors, told(words, label1123, 'my-name', '123-abc')];
}

/** A DNS subdomain: most objects' names. */
export function isDns1123Subdomain(name: string): readonly string[] {
  const errors = tooLong(name, 253);
  if (is.subdomain1123.test(name)) return errors;
  const words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...errors, told(words, subdomain1123, 'example.com')];
}

/** A DNS subdomain as resolvers take it, which know names of services that begin with an underscore. */
export function isDns1123SubdomainWithUnderscore(name: string): readonly string[] {
  const errors = tooLong(name, 253);
  if (is.underscored1123.test(name)) return errors;
  const words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
  return [...errors, told(words, underscored1123, 'example.com')];
}

/** An older DNS label, which starts with a letter: Services. */
export function isDns1035Label(name: string): readonly string[] {
  const errors = tooLong(name, 63);
  if (is.label1035.test(name)) return errors;
  const words =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...errors, told(words, label1035, 'my-name', 'abc-123')];
}

/** `*.example.com`. */
export function isWildcardDns1123Subdomain(name: string): readonly string[] {
  const errors = tooLong(name, 253);
  if (is.wildcard1123.test(name)) return errors;
  const words =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...errors, told(words, wildcard1123, '*.example.com')];
}

const qualifiedWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A label or annotation key, a taint, a resource name: `name` or `prefix/name`. */
export function isQualifiedName(text: string): readonly string[] {
  if (text.length <= 63 && (text.includes('/') ? is.prefixedName : is.qualifiedName).test(text)) return good;
  const format = told(qualifiedWords, qualifiedName, 'MyName', 'my.name', '123-abc');
  const parts = text.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${format} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? '';
  const errors = parts.length === 2 ? prefixErrors(parts[0] ?? '') : [];
  if (name === '') errors.push('name part must be non-empty');
  else errors.push(...tooLong(name, 63, 'bytes').map((one) => `name part ${one}`));
  if (!is.qualifiedName.test(name)) errors.push(`name part ${format}`);
  return errors;
}

function prefixErrors(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return isDns1123Subdomain(prefix).map((one) => `prefix part ${one.replace('253 characters', '253 bytes')}`);
}

/** The value of a label; may be empty. */
export function isValidLabelValue(text: string): readonly string[] {
  if (text.length <= 63 && is.labelValue.test(text)) return good;
  const errors = tooLong(text, 63, 'bytes');
  if (is.labelValue.test(text)) return errors;
  const words =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...errors, told(words, labelValue, 'MyValue', 'my_value', '12345')];
}

/** The relaxed rule, which all supported releases use: any printable ASCII but `=`. */
export function isEnvVarName(text: string): readonly string[] {
  if (text === '') return ['environment variable name must be non-empty'];
  if (!/[^\x20-\x7e]|=/.test(text)) return good;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** The older rule: letters, digits, `_`, `-`, `.`, no digit first; keys of `envFrom` are still held to it on old clusters. */
export function isStrictEnvVarName(text: string): readonly string[] {
  const words =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  const bad = is.envVarName.test(text) ? good : [told(words, envVarName, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1')];
  return [...bad, ...walksUp(text)];
}

/** A key of a ConfigMap or Secret, which may become a file name. */
export function isConfigMapKey(text: string): readonly string[] {
  if (text.length <= 253 && !text.startsWith('.') && is.configMapKey.test(text)) return good;
  const words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const bad = is.configMapKey.test(text) ? good : [told(words, configMapKey, 'key.name', 'KEY_NAME', 'key-name')];
  return [...tooLong(text, 253), ...bad, ...walksUp(text)];
}

export function isCIdentifier(text: string): readonly string[] {
  if (is.cIdentifier.test(text)) return good;
  const words =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return [told(words, cIdentifier, 'my_name', 'MY_NAME', 'MyName')];
}

/** An IANA service name, as container and service ports have. */
export function isPortName(text: string): readonly string[] {
  if (text.length <= 15 && is.portName.test(text)) return good;
  const errors = [...tooLong(text, 15)];
  if (!/^[-a-z0-9]+$/.test(text)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(text)) errors.push('must contain at least one letter (a-z)');
  if (text.includes('--')) errors.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function isPortNumber(port: number): readonly string[] {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? good : ['must be between 1 and 65535, inclusive'];
}

export function isPercent(text: string): readonly string[] {
  if (is.percent.test(text)) return good;
  const words = "a valid percent string must be a numeric string followed by an ending '%'";
  return [told(words, percent, '1%', '93%')];
}

export function isHttpHeaderName(text: string): readonly string[] {
  if (is.headerName.test(text)) return good;
  return [told("a valid HTTP header must consist of alphanumeric characters or '-'", headerName, 'X-Header-Name')];
}

/** A name that can stand in a URL path as it is: the roles' rule. */
export function isPathSegment(text: string): readonly string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((one) => text.includes(one)).map((one) => `may not contain '${one}'`);
}
