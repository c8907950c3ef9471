import { messageOf } from '#base';
import { badRequest, parseJson } from '#machinery';

/** Where a list goes on. */
export interface ContinueToken {
  /** The revision of the first page; -1 to go on in the newest state. */
  readonly revision: number;
  /** The first key of the next page, without the list's prefix. */
  readonly start: string;
}

const version = 'meta.k8s.io/v1';

/** The token as upstream writes it (`storage/continue.go`). */
export function encodeContinue({ revision, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: version, rv: revision, start })).toString('base64url');
}

/** Throws BadRequest for what `encodeContinue` cannot have written. */
export function decodeContinue(text: string): ContinueToken {
  let token: unknown;
  try {
    token = parseJson(Buffer.from(text, 'base64url')).value;
  } catch (error) {
    throw invalidToken(`continue key is not valid: ${messageOf(error)}`);
  }
  const { v, rv, start } = Object(token) as { v?: unknown; rv?: unknown; start?: unknown };
  if (v !== version) throw invalidToken('continue key is not valid: server does not recognize this encoded version');
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    throw invalidToken('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw invalidToken('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  }
  if (start.startsWith('/') || start.split('/').includes('..'))
    throw invalidToken('continue key is not valid: ' + start);
  return { revision: rv, start };
}

function invalidToken(why: string): Error {
  return badRequest(`invalid continue token: ${why}`);
}
