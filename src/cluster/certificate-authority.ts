import type { CertificateAuthority } from '#controller-manager';
import { parseCsr, signCsr, type KeyPair } from '#wire';

const secondsOfDay = 86_400;

/** What signs for the controllers, with the key of a cluster's authority. */
export function certificateAuthority(ca: KeyPair): CertificateAuthority {
  return {
    parse: parseCsr,
    sign: (csrPem, { usages, seconds, nowMs }) =>
      signCsr(ca, csrPem, { usages, days: seconds / secondsOfDay, now: nowMs }),
  };
}
