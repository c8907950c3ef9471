const named: Readonly<Record<string, string>> = { '07': '\\a', '0b': '\\v' };

/** Text in quotes as Go's `%q` has it: as in JSON, but for what is not printable. */
export function goQuote(text: string): string {
  return JSON.stringify(text).replace(/\\(?:u00([01][0-9a-f])|.)|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escape);
}

function escape(found: string, control?: string): string {
  if (control !== undefined) return named[control] ?? `\\x${control}`;
  if (found.startsWith('\\')) return found;
  const code = found.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16)}`;
  return code < 0x1_0000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
