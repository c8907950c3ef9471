/** One clause of an Accept header. */
export interface AcceptClause {
  type: string;
  subtype: string;
  params: Record<string, string>;
  quality: number;
}

/** The clauses of an Accept header, best first; equal ones in the order given, wildcards behind (`goautoneg`). */
export function parseAccept(header: string): AcceptClause[] {
  const clauses = header
    .split(',')
    .map(parseClause)
    .filter((clause) => clause !== undefined);
  return clauses.sort((one, other) => other.quality - one.quality || wildness(one) - wildness(other));
}

function wildness({ type, subtype }: AcceptClause): number {
  return type === '*' ? 2 : subtype === '*' ? 1 : 0;
}

function parseClause(text: string): AcceptClause | undefined {
  const [range = '', ...rest] = text.split(';').map((part) => part.trim());
  const [type = '', subtype = ''] = range.toLowerCase().split('/');
  const clause: AcceptClause = { type, subtype: type === '*' ? '*' : subtype, params: {}, quality: 1 };
  if (type === '' || clause.subtype === '') return undefined;
  for (const param of rest) {
    const at = param.indexOf('=');
    if (at < 0) continue;
    const name = param.slice(0, at).trim();
    const value = param.slice(at + 1).trim();
    if (name === 'q') clause.quality = Number.isFinite(Number(value)) ? Number(value) : 1;
    else clause.params[name] = value.replace(/^"(.*)"$/, '$1');
  }
  return clause;
}

/** The media type of a Content-Type header, without its parameters; `undefined` where it is malformed. */
export function mediaTypeOf(header: string): string | undefined {
  const type = (header.split(';')[0] ?? '').trim().toLowerCase();
  return /^[\w.+!#$&^-]+\/[\w.+!#$&^-]+$/.test(type) ? type : undefined;
}
