import { requirementProblems, selectorOfRequirements } from './label-selector.ts';
import type { Requirement, Selector, SelectorOperator } from './label-selector.ts';
import { isQualifiedName } from './names.ts';
import { badRequest } from './status.ts';

/**
 * The language of `-l`: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. The grammar and its quirks (an empty value, an
 * empty item, `in` as a value) are those of `apimachinery/pkg/labels/selector.go`, and so are the errors.
 */

type Token = { readonly kind: 'word' | 'symbol' | 'end'; readonly text: string };

const operators = new Map<string, SelectorOperator>([
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['in', 'in'],
  ['notin', 'notin'],
  ['>', 'gt'],
  ['<', 'lt'],
]);
const operatorNames = 'in, notin, =, ==, !=, gt, lt';
const end: Token = { kind: 'end', text: '' };

/** Reads a label selector. Throws StatusError (BadRequest). */
export function parseLabelSelector(text: string): Selector {
  return selectorOfRequirements(new Parser(scan(text)).selector());
}

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /[ \t\r\n]+|(==|!=|[=!(),<>])|([^ \t\r\n=!(),<>]+)/g;
  for (const [, symbol, word] of text.matchAll(pattern)) {
    if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  selector(): Requirement[] {
    const requirements: Requirement[] = [];
    while (this.#next.kind !== 'end') {
      if (!this.#startsRequirement()) throw expected(this.#next, "!, identifier, or 'end of string'");
      requirements.push(this.#requirement());
      const token = this.#take();
      if (token.kind === 'end') break;
      if (token.text !== ',') throw expected(token, "',' or 'end of string'");
      if (!this.#startsRequirement()) throw expected(this.#next, "identifier after ','");
    }
    return requirements;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? end;
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #isSymbol(text: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === text;
  }

  #startsRequirement(): boolean {
    return this.#next.kind === 'word' || this.#isSymbol('!');
  }

  #endsRequirement(): boolean {
    return this.#next.kind === 'end' || this.#isSymbol(',');
  }

  #requirement(): Requirement {
    const isNegated = this.#isSymbol('!');
    if (isNegated) this.#take();
    const token = this.#take();
    if (token.kind !== 'word') throw unparsed(expectation(token, 'identifier'));
    const keyErrors = isQualifiedName(token.text);
    if (keyErrors.length > 0) {
      throw unparsed(`<nil>: Invalid value: ${JSON.stringify(token.text)}: ${keyErrors.join('; ')}`);
    }
    const found = isNegated ? { key: token.text, operator: '!' as const, values: [] } : this.#condition(token.text);
    const problems = requirementProblems(found);
    if (problems.length > 0) throw unparsed(problems.length > 1 ? `[${problems.join(', ')}]` : problems.join(''));
    return found;
  }

  #condition(key: string): Requirement {
    if (this.#endsRequirement()) return { key, operator: 'exists', values: [] };
    const token = this.#take();
    const operator = operators.get(token.text);
    if (!operator) throw unparsed(expectation(token, operatorNames));
    const values = operator === 'in' || operator === 'notin' ? this.#set() : [this.#exactValue()];
    return { key, operator, values };
  }

  #exactValue(): string {
    if (this.#endsRequirement()) return '';
    const token = this.#take();
    if (token.kind !== 'word') throw unparsed(expectation(token, 'identifier'));
    return token.text;
  }

  /** `(a,b)`; what is missing between commas is an empty value. */
  #set(): string[] {
    const open = this.#take();
    if (open.text !== '(') throw unparsed(`found '${open.text}' expected: '('`);
    const values = new Set<string>();
    for (;;) {
      if (this.#next.kind === 'word') values.add(this.#take().text);
      else values.add('');
      const token = this.#take();
      if (token.text === ')') return [...values].sort();
      if (token.text !== ',') throw unparsed(expectation(token, "',' or ')'"));
    }
  }
}

function expectation(token: Token, what: string): string {
  return `found '${token.text}', expected: ${what}`;
}

function expected(token: Token, what: string): Error {
  return badRequest(expectation(token, what));
}

function unparsed(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`);
}
