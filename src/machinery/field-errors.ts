import type { FieldPath } from './field-path.ts';
import { goQuote } from './go-quote.ts';

/** The reasons of `StatusCause`, as apimachinery's `field.ErrorType` spells them. */
export type CauseReason =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** One `details.causes` entry of a Status. */
export interface FieldError {
  reason: CauseReason;
  /** Without the field's name. */
  message: string;
  field: string;
}

/** Collects what is wrong with an object, in apimachinery's words (`pkg/util/validation/field/errors.go`). */
export class FieldErrors {
  readonly list: FieldError[] = [];

  readonly #ignored: string[] = [];

  /** The rules of a kind tell all that is to be told of this and of what is inside: what the schema finds there is not. */
  ignoreSchemaAt(path: FieldPath): void {
    this.#ignored.push(path.toString());
  }

  isIgnored(field: string): boolean {
    return this.#ignored.some(
      (prefix) => field === prefix || field.startsWith(`${prefix}.`) || field.startsWith(`${prefix}[`),
    );
  }

  /** Puts these in the place of all. */
  replace(errors: readonly FieldError[]): void {
    this.list.splice(0, this.list.length, ...errors);
  }

  get empty(): boolean {
    return this.list.length === 0;
  }

  /** Told once of each field: a kind's own rule may say more of what the schema has found missing. */
  required(path: FieldPath, detail = ''): void {
    const field = path.toString();
    const known = this.list.find((one) => one.reason === 'FieldValueRequired' && one.field === field);
    if (!known) this.#add('FieldValueRequired', path, join('Required value', detail));
    else if (detail !== '') known.message = join('Required value', detail);
  }

  invalid(path: FieldPath, value: unknown, detail: string): void {
    this.#add('FieldValueInvalid', path, join(`Invalid value: ${show(value)}`, detail));
  }

  /** A value that is wrong as a whole, and is not shown again. */
  invalidAsWhole(path: FieldPath, detail: string): void {
    this.#add('FieldValueInvalid', path, join('Invalid value', detail));
  }

  /** A value that is none of `allowed`, which are told in their order. */
  notSupported(path: FieldPath, value: unknown, allowed: readonly string[]): void {
    const quoted = allowed.map((one) => JSON.stringify(one));
    const detail = quoted.length > 0 ? `supported values: ${quoted.join(', ')}` : '';
    this.#add('FieldValueNotSupported', path, join(`Unsupported value: ${show(value)}`, detail));
  }

  duplicate(path: FieldPath, value: unknown, detail = ''): void {
    this.#add('FieldValueDuplicate', path, join(`Duplicate value: ${show(value)}`, detail));
  }

  forbidden(path: FieldPath, detail: string): void {
    this.#add('FieldValueForbidden', path, join('Forbidden', detail));
  }

  notFound(path: FieldPath, value: unknown, detail = ''): void {
    this.#add('FieldValueNotFound', path, join(`Not found: ${show(value)}`, detail));
  }

  tooLong(path: FieldPath, maxLength: number): void {
    this.#add('FieldValueTooLong', path, `Too long: may not be more than ${maxLength} bytes`);
  }

  tooMany(path: FieldPath, actual: number, max: number): void {
    this.#add('FieldValueTooMany', path, `Too many: ${actual}: must have at most ${max} items`);
  }

  typeInvalid(path: FieldPath, value: unknown, detail: string): void {
    this.#add('FieldValueTypeInvalid', path, join(`Invalid value: ${show(value)}`, detail));
  }

  #add(reason: CauseReason, path: FieldPath, message: string): void {
    this.list.push({ reason, message, field: path.toString() });
  }
}

function join(head: string, detail: string): string {
  return detail === '' ? head : `${head}: ${detail}`;
}

/** Values as Go prints them in field errors: strings quoted, the rest as JSON. */
function show(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  return value === undefined ? 'null' : JSON.stringify(value);
}
