/** What a slow reading of JSON text finds that `JSON.parse` cannot tell. */
export interface ScannedJson {
  /** The first error, in the words of Go's encoding/json. */
  problem?: string;
  duplicates: string[];
}

const maxDuplicates = 100;
/** So that the scan, which calls itself, cannot run out of stack. */
const maxDepth = 1000;

/** Reads JSON text once more, to name its duplicate fields or its first error. */
export function scanJson(text: string): ScannedJson {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return { problem: error.message, duplicates: [...scanner.duplicates] };
  }
  return { duplicates: [...scanner.duplicates] };
}

/** The path of every key of valid JSON, in the order of the text. */
export function keyPathsOf(text: string): string[] {
  const scanner = new Scanner(text);
  scanner.document();
  return scanner.paths;
}

class JsonProblem extends Error {}

class Scanner {
  readonly duplicates = new Set<string>();
  readonly paths: string[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value('');
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('after top-level value');
  }

  #value(path: string): void {
    this.#skipSpace();
    this.#depth += 1;
    const next = this.#text[this.#at];
    if (this.#depth > maxDepth) throw new JsonProblem(`invalid character '${next ?? ''}' exceeded max depth`);
    if (next === '{') this.#object(path);
    else if (next === '[') this.#array(path);
    else if (next === '"') this.#string();
    else if (!this.#literal() && !this.#number()) this.#fail('looking for beginning of value');
    this.#depth -= 1;
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#at += 1;
    this.#skipSpace();
    if (this.#take('}')) return;
    for (;;) {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') this.#fail('looking for beginning of object key string');
      const key = this.#string();
      const place = path === '' ? key : `${path}.${key}`;
      this.paths.push(place);
      if (seen.has(key) && this.duplicates.size < maxDuplicates) this.duplicates.add(place);
      seen.add(key);
      this.#skipSpace();
      if (!this.#take(':')) this.#fail('after object key');
      this.#value(place);
      this.#skipSpace();
      if (this.#take('}')) return;
      if (!this.#take(',')) this.#fail('after object key:value pair');
    }
  }

  #array(path: string): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(']')) return;
    for (let index = 0; ; index += 1) {
      this.#value(`${path}[${index}]`);
      this.#skipSpace();
      if (this.#take(']')) return;
      if (!this.#take(',')) this.#fail('after array element');
    }
  }

  /** Takes a string and returns its value. */
  #string(): string {
    const start = this.#at;
    this.#at += 1;
    while (!this.#take('"')) {
      const next = this.#text[this.#at];
      if (next === undefined || next < ' ') this.#fail('in string literal');
      this.#at += 1;
      if (next === '\\') this.#escape();
    }
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }

  #escape(): void {
    const next = this.#text[this.#at];
    if (next === undefined || !'"\\/bfnrtu'.includes(next)) this.#fail('in string escape code');
    this.#at += 1;
    if (next !== 'u') return;
    for (let digit = 0; digit < 4; digit += 1) {
      if (!/[\da-fA-F]/.test(this.#text[this.#at] ?? '')) this.#fail('in \\u hexadecimal character escape');
      this.#at += 1;
    }
  }

  #literal(): boolean {
    for (const word of ['true', 'false', 'null']) {
      if (this.#text[this.#at] !== word[0]) continue;
      for (const letter of word) {
        // Go puts a space behind the text before it says that the text is over.
        if (this.#at === this.#text.length)
          throw new JsonProblem(`invalid character ' ' in literal ${word} (expecting '${letter}')`);
        if (!this.#take(letter)) this.#fail(`in literal ${word} (expecting '${letter}')`);
      }
      return true;
    }
    return false;
  }

  #number(): boolean {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined && this.#take('-')) this.#fail('in numeric literal');
    if (found === undefined) return false;
    this.#at += found.length;
    if (this.#text[this.#at] === '.') {
      this.#at += 1;
      this.#fail('after decimal point in numeric literal');
    }
    if (this.#take('e') || this.#take('E')) {
      if (!this.#take('+')) this.#take('-');
      this.#fail('in exponent of numeric literal');
    }
    return true;
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'end')) this.#at += 1;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #fail(where: string): never {
    const next = this.#text[this.#at];
    if (next === undefined) throw new JsonProblem('unexpected end of JSON input');
    const shown = next === "'" ? String.raw`'\''` : `'${quoted(next).replace('\\"', '"')}'`;
    throw new JsonProblem(`invalid character ${shown} ${where}`);
  }
}

/** One character as `strconv.Quote` shows it: Go reads bytes, and so the first of what UTF-8 makes of it. */
function quoted(character: string): string {
  const [byte = 0] = Buffer.from(character);
  const text = byte < 0x80 ? character : String.fromCharCode(byte);
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/^\\u00([0-9a-f]{2})$/, '\\x$1');
}
