import { compareText } from '#base';
import { isQualifiedName, isValidLabelValue } from './names.ts';

export type SelectorOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One condition on the labels; all of a selector's must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** Chooses objects by their labels (`apimachinery/pkg/labels`). */
export interface Selector {
  matches(labels: Labels | undefined): boolean;
  /** True when the selector lets everything through. */
  readonly empty: boolean;
  readonly requirements: readonly Requirement[];
  /** The form that `parseLabelSelector` reads. */
  toString(): string;
}

/** The shape of `metav1.LabelSelector`. */
export interface LabelSelectorLike {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

class RequirementSelector implements Selector {
  readonly requirements: readonly Requirement[];

  constructor(requirements: readonly Requirement[]) {
    this.requirements = requirements.toSorted((a, b) => compareText(a.key, b.key));
  }

  get empty(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels = {}): boolean {
    return this.requirements.every((one) => isMet(one, labels));
  }

  toString(): string {
    return this.requirements.map(formatRequirement).join(',');
  }
}

/** Lets everything through. */
export const selectEverything: Selector = new RequirementSelector([]);

/** Lets nothing through. */
export const selectNothing: Selector = { matches: () => false, empty: false, requirements: [], toString: () => '' };

/** A selector of these requirements, which are taken as valid. */
export function selectorOfRequirements(requirements: readonly Requirement[]): Selector {
  return requirements.length === 0 ? selectEverything : new RequirementSelector(requirements);
}

/** Exactly these labels, as a Service's or ReplicationController's plain selector; an empty map lets everything through. */
export function selectorOfMap(labels: Labels | undefined): Selector {
  const entries = Object.entries(labels ?? {});
  return selectorOfRequirements(entries.map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

/** `undefined` lets nothing through, `{}` everything. Throws RangeError for what validation does not let pass. */
export function selectorOf(selector: LabelSelectorLike | undefined): Selector {
  if (!selector) return selectNothing;
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: '=',
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    const known = expressionOperators.get(operator);
    if (!known) throw new RangeError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    return { key, operator: known, values: values ?? [] };
  });
  for (const one of [...exact, ...expressions]) {
    const [problem] = requirementProblems(one);
    if (problem !== undefined) throw new RangeError(problem);
  }
  return selectorOfRequirements([...exact, ...expressions]);
}

const expressionOperators = new Map<string, SelectorOperator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/** What is wrong with a requirement, as `labels.NewRequirement` says it. */
export function requirementProblems({ key, operator, values }: Requirement): string[] {
  const problems: string[] = [];
  const shown = JSON.stringify(values);
  const keyErrors = isQualifiedName(key);
  if (keyErrors.length > 0) problems.push(`key: Invalid value: ${JSON.stringify(key)}: ${keyErrors.join('; ')}`);
  const count = countProblem(operator, values.length);
  if (count !== '') problems.push(`values: Invalid value: ${shown}: ${count}`);
  for (const [at, value] of values.entries()) {
    const quoted = JSON.stringify(value);
    if ((operator === 'gt' || operator === 'lt') && !isInteger(value)) {
      problems.push(`values[${at}]: Invalid value: ${quoted}: for 'Gt', 'Lt' operators, the value must be an integer`);
    }
    const errors = isValidLabelValue(value);
    if (errors.length > 0) problems.push(`values[${at}][${key}]: Invalid value: ${quoted}: ${errors.join('; ')}`);
  }
  return problems;
}

function countProblem(operator: SelectorOperator, count: number): string {
  switch (operator) {
    case 'in':
    case 'notin':
      return count === 0 ? "for 'in', 'notin' operators, values set can't be empty" : '';
    case 'exists':
    case '!':
      return count === 0 ? '' : 'values set must be empty for exists and does not exist';
    case 'gt':
    case 'lt':
      return count === 1 ? '' : "for 'Gt', 'Lt' operators, exactly one value is required";
    default:
      return count === 1 ? '' : 'exact-match compatibility requires one single value';
  }
}

function isMet({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '!':
      return value === undefined;
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'gt':
    case 'lt':
      return value !== undefined && isBeyond(operator, value, values[0] ?? '');
    default:
      return value !== undefined && values.includes(value);
  }
}

function isInteger(text: string): boolean {
  return /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, toBigInt(text)) === toBigInt(text);
}

function toBigInt(text: string): bigint {
  return text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text);
}

function isBeyond(operator: 'gt' | 'lt', value: string, bound: string): boolean {
  if (!isInteger(value) || !isInteger(bound)) return false;
  return operator === 'gt' ? toBigInt(value) > toBigInt(bound) : toBigInt(value) < toBigInt(bound);
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const joined = values.toSorted(compareText).join(',');
  switch (operator) {
    case '!':
      return `!${key}`;
    case 'exists':
      return key;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${joined})`;
    case 'gt':
      return `${key}>${joined}`;
    case 'lt':
      return `${key}<${joined}`;
    default:
      return `${key}${operator}${joined}`;
  }
}
