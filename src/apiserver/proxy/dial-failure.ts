import { hasCode, messageOf } from '#base';

/** Why a backend could not be reached, in the words of Go's `net`, which people search for. */
export function dialFailure(error: unknown): string {
  if (hasCode(error, 'ERR_SOCKET_BAD_PORT')) return 'dial tcp: invalid port';
  const { address, port } = (error ?? {}) as { address?: string; port?: number }; // Node tells them of a connection
  const reason = reasons.find(({ code }) => hasCode(error, code))?.words;
  if (reason === undefined || address === undefined) return messageOf(error);
  const host = address.includes(':') ? `[${address}]` : address;
  return `dial tcp ${host}:${port ?? 0}: connect: ${reason}`;
}

const reasons = [
  { code: 'ECONNREFUSED', words: 'connection refused' },
  { code: 'EHOSTUNREACH', words: 'no route to host' },
  { code: 'ENETUNREACH', words: 'network is unreachable' },
  { code: 'ETIMEDOUT', words: 'connection timed out' },
];
