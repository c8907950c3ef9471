/**
 * Amounts of a resource: "100m", "1.5Gi", "12e6". Kubernetes keeps nothing smaller than a nano unit, so a quantity is
 * a whole number of nanos and all arithmetic on it is exact. Specified by `apimachinery/pkg/api/resource/quantity.go`.
 */

type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

interface Suffix {
  readonly format: Format;
  readonly exponent: number;
}

const nanosPerUnit = 1_000_000_000n;
/** Binary quantities are capped at the largest int64. */
const maxBinaryNanos = (2n ** 63n - 1n) * nanosPerUnit;
/** Exponents past this only serve to fill memory. */
const maxExponent = 400;
const maxLength = 500;

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const suffixes = new Map<string, Suffix>([
  ...binarySuffixes.map((text, at): [string, Suffix] => [text, { format: 'BinarySI', exponent: at * 10 }]),
  ...decimalSuffixes.map((text, at): [string, Suffix] => [text, { format: 'DecimalSI', exponent: at * 3 - 9 }]),
]);

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Quantities repeat ("100m" on a thousand pods), and are immutable. */
const parsed = new Map<string, Quantity>();
const maxParsed = 4096;

/** An immutable amount. */
export class Quantity {
  static readonly zero: Quantity = new Quantity(0n, 'DecimalSI');
  readonly #nanos: bigint;
  readonly #format: Format;
  #text: string | undefined;

  private constructor(nanos: bigint, format: Format, text?: string) {
    this.#nanos = nanos;
    this.#format = format;
    this.#text = text;
  }

  /** Throws RangeError, in upstream's words, for what is no quantity. */
  static parse(text: string): Quantity {
    let quantity = parsed.get(text);
    if (quantity) return quantity;
    if (text.length > maxLength) throw new RangeError('unable to parse numeric part of quantity');
    quantity = Quantity.#read(text);
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(text, quantity);
    return quantity;
  }

  /** A whole number of units. */
  static of(value: number, format: 'DecimalSI' | 'BinarySI' = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(value) * nanosPerUnit, format);
  }

  /** A whole number of thousandths. */
  static ofMilli(value: number, format: 'DecimalSI' | 'BinarySI' = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(value) * 1_000_000n, format);
  }

  static #read(text: string): Quantity {
    const [, sign = '', whole = '', fraction = '', suffixText = ''] =
      /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text) ?? [];
    if (text === '' || whole + fraction + suffixText + sign === '') {
      if (/^[+-]?[0.]+$/.test(text)) return Quantity.zero;
      throw new RangeError(wrongFormat);
    }
    const suffix = readSuffix(suffixText);
    const magnitude = scaleToNanos(whole, fraction, suffix);
    const isFraction = suffix.format === 'BinarySI' && magnitude > 0n && magnitude < nanosPerUnit;
    const nanos = sign === '-' ? -magnitude : magnitude;
    return new Quantity(
      nanos,
      isFraction ? 'DecimalSI' : suffix.format,
      isKept(whole, fraction, suffix) ? text : undefined,
    );
  }

  /** Negative, zero or positive, as `this` is less than, equal to or greater than `other`. */
  compare(other: Quantity): number {
    if (this.#nanos === other.#nanos) return 0;
    return this.#nanos < other.#nanos ? -1 : 1;
  }

  add(other: Quantity): Quantity {
    return new Quantity(this.#nanos + other.#nanos, this.#formatWith(other));
  }

  sub(other: Quantity): Quantity {
    return new Quantity(this.#nanos - other.#nanos, this.#formatWith(other));
  }

  neg(): Quantity {
    return new Quantity(-this.#nanos, this.#format);
  }

  isZero(): boolean {
    return this.#nanos === 0n;
  }

  /** -1, 0 or 1. */
  sign(): number {
    return this.compare(Quantity.zero);
  }

  /** In whole units, rounded away from zero. */
  value(): number {
    return Number(divideUp(this.#nanos, nanosPerUnit));
  }

  /** In thousandths, rounded away from zero. */
  milliValue(): number {
    return Number(divideUp(this.#nanos, 1_000_000n));
  }

  /** The canonical form: the largest suffix that leaves no fraction. */
  toString(): string {
    this.#text ??= this.#canonical();
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }

  /** Zero has no format of its own. */
  #formatWith(other: Quantity): Format {
    return this.isZero() ? other.#format : this.#format;
  }

  #canonical(): string {
    if (this.#nanos === 0n) return '0';
    return this.#isBinary() ? formatBinary(this.#nanos / nanosPerUnit) : formatDecimal(this.#nanos, this.#format);
  }

  /** Below 1024, or with a fraction, a binary suffix would lose something or say nothing. */
  #isBinary(): boolean {
    const size = this.#nanos < 0n ? -this.#nanos : this.#nanos;
    return this.#format === 'BinarySI' && size >= 1024n * nanosPerUnit && size % nanosPerUnit === 0n;
  }
}

function readSuffix(text: string): Suffix {
  const known = suffixes.get(text);
  if (known) return known;
  if (!/^[eE][+-]?\d+$/.test(text)) throw new RangeError("unable to parse quantity's suffix");
  const exponent = Number(text.slice(1));
  if (Math.abs(exponent) > maxExponent) throw new RangeError('unable to parse numeric part of quantity');
  return { format: 'DecimalExponent', exponent };
}

function scaleToNanos(whole: string, fraction: string, { format, exponent }: Suffix): bigint {
  const digits = BigInt(whole + fraction);
  if (format === 'BinarySI') {
    const nanos = divideUp(digits * 2n ** BigInt(exponent) * nanosPerUnit, 10n ** BigInt(fraction.length));
    return nanos > maxBinaryNanos ? maxBinaryNanos : nanos;
  }
  const shift = exponent - fraction.length + 9;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift));
}

/** Upstream keeps the text as it came where it looks canonical to its fast path, which "1.500" does too. */
function isKept(whole: string, fraction: string, { format, exponent }: Suffix): boolean {
  const digits = (whole === '' ? '0' : whole) + fraction;
  if (format === 'BinarySI') {
    const isPrecise = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 >= 0;
    return fraction === '' && isPrecise && (Number(digits) & 7) !== 0;
  }
  const scale = exponent - fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (dividend % divisor === 0n) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

function formatBinary(units: bigint): string {
  let [rest, at] = [units, 0];
  while (rest % 1024n === 0n && at < binarySuffixes.length - 1) {
    rest /= 1024n;
    at += 1;
  }
  return `${rest}${binarySuffixes[at]}`;
}

function formatDecimal(nanos: bigint, format: Format): string {
  const maxAt = format === 'DecimalExponent' ? Infinity : decimalSuffixes.length - 1;
  let [rest, at] = [nanos, 0];
  while (rest % 1000n === 0n && at < maxAt) {
    rest /= 1000n;
    at += 1;
  }
  if (format !== 'DecimalExponent') return `${rest}${decimalSuffixes[at]}`;
  return at === 3 ? String(rest) : `${rest}e${at * 3 - 9}`;
}
