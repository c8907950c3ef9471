import { badRequest } from './status.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Chooses objects by a few of their fields (`apimachinery/pkg/fields`): `metadata.name=a,status.phase!=Running`. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  /** True when the selector lets everything through. */
  readonly empty: boolean;
  /** `fields` has the selectable fields' values; one that is not there counts as empty. */
  matches(fields: Readonly<Record<string, string>>): boolean;
  /** The value that `field` must have, where the selector names exactly one. */
  exact(field: string): string | undefined;
  toString(): string;
}

/** A selector of these requirements. */
export function fieldSelectorOf(requirements: readonly FieldRequirement[]): FieldSelector {
  return {
    requirements,
    empty: requirements.length === 0,
    matches: (fields) => requirements.every((one) => isMet(one, fields)),
    exact: (field) => requirements.find((one) => one.field === field && one.operator === '=')?.value,
    toString: () => requirements.map((one) => `${one.field}${one.operator}${escape(one.value)}`).join(','),
  };
}

/** Reads a field selector; `\` escapes `,`, `=` and itself in values. Throws StatusError (BadRequest). */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = splitTerms(text).sort();
  return fieldSelectorOf(terms.filter((term) => term !== '').map((term) => parseTerm(term, text)));
}

function isMet({ field, operator, value }: FieldRequirement, fields: Readonly<Record<string, string>>): boolean {
  const actual = Object.hasOwn(fields, field) ? (fields[field] ?? '') : '';
  return (actual === value) === (operator === '=');
}

/** Splits at commas that are not escaped; the escapes stay. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\[\s\S]?|[^,\\])+/g) ?? [];
}

function parseTerm(term: string, whole: string): FieldRequirement {
  const [, field = '', operator, value = ''] = /^((?:\\[\s\S]?|(?!!=)[^=\\])*)(!=|==|=)([\s\S]*)$/.exec(term) ?? [];
  if (operator === undefined) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescape(value) };
}

function unescape(value: string): string {
  return value.replace(/\\([\s\S]?)|[,=]/g, (match, escaped?: string) => {
    if (escaped === undefined) {
      throw badRequest(`invalid field selector: unescaped character in value: ${match.charCodeAt(0)}`);
    }
    if (!['\\', ',', '='].includes(escaped)) {
      throw badRequest(`invalid field selector: invalid escape sequence: ${match}`);
    }
    return escaped;
  });
}

function escape(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}
