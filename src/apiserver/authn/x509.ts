import type { TLSSocket } from 'node:tls';
import { unauthorized } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';
import { authenticated } from './users.ts';

/** What the TLS layer knows of a client. */
export type ClientSocket = Pick<TLSSocket, 'authorized' | 'authorizationError' | 'getPeerCertificate'>;

/** Whom a client's certificate names, and until when it is good. */
export interface Certified {
  readonly user: UserInfo;
  readonly untilMs: number;
}

/** The user that a client certificate names: CN is the name, each O a group. Undefined without a certificate. */
export function certified(socket: ClientSocket): Certified | undefined {
  const certificate = socket.getPeerCertificate();
  const subject = certificate.subject as Record<string, string | string[]> | undefined; // absent without a certificate
  if (!subject) return undefined;
  // A certificate of a stranger must not pass for anonymous: whoever shows one means to be somebody.
  if (!socket.authorized) throw unauthorized();
  const name = [subject['CN'] ?? []].flat()[0];
  if (!name) return undefined;
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const user = authenticated({
    name,
    groups: [subject['O'] ?? []].flat(),
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  });
  return { user, untilMs: Date.parse(certificate.valid_to) };
}
