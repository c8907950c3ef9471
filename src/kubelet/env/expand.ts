/**
 * `$(VAR)` references in env values, commands and arguments. `$$` escapes a dollar, so `$$(VAR)` stays `$(VAR)`; what names no
 * known variable is left as written (third_party/forked/golang/expansion upstream).
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1 || dollar + 1 === text.length) break;
    result += text.slice(at, dollar);
    const [read, length] = readReference(text, dollar, lookup);
    result += read;
    at = dollar + length;
  }
  return result + text.slice(at);
}

/** What the text at `dollar` stands for, and how many characters it takes. */
function readReference(
  text: string,
  dollar: number,
  lookup: (name: string) => string | undefined,
): readonly [string, number] {
  const next = text.charAt(dollar + 1);
  if (next === '$') return ['$', 2];
  if (next !== '(') return [`$${next}`, 2];
  const close = text.indexOf(')', dollar + 2);
  if (close === -1) return ['$(', 2];
  const name = text.slice(dollar + 2, close);
  return [lookup(name) ?? `$(${name})`, close + 1 - dollar];
}

/** `expand` with a map of variables. */
export function expandWith(text: string, variables: ReadonlyMap<string, string>): string {
  return expand(text, (name) => variables.get(name));
}

/**
 * The strict form that `subPathExpr` uses: an unknown variable is an error.
 * @throws Error in the kubelet's words
 */
export function expandStrictly(text: string, variables: ReadonlyMap<string, string>): string {
  const missing: string[] = [];
  const result = expand(text, (name) => {
    const value = variables.get(name);
    if (value === undefined) missing.push(name);
    return value;
  });
  if (missing.length > 0) throw new Error(`missing value for ${JSON.stringify(missing[0])}`);
  return result;
}
