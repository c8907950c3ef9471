import { createHash, createPublicKey } from 'node:crypto';
import type { Store } from '#etcd';
import type { Pki } from '../pki.ts';

/** Beside what Kubernetes keeps there. */
const key = Buffer.from('/kedge/authority');

/**
 * Sees to it that all servers on one store have the same certificate authority and sign tokens with the same key: what
 * one signed the others would refuse. The first one writes down which; the others are told where to get it.
 */
export async function agreeOnAuthority(store: Store, pki: Pki, directory: string): Promise<void> {
  const own = await fingerprint(pki);
  const answer = await store.txn({
    compare: [{ key, target: 'version', result: '=', value: 0 }],
    success: [{ put: { key, value: Buffer.from(own) } }],
    failure: [{ range: { key } }],
  });
  const [found] = answer.responses;
  const known = found && 'range' in found ? Buffer.from(found.range.kvs[0]?.value ?? []).toString() : own;
  if (known === own) return;
  throw new Error(
    `the cluster in this etcd has another certificate authority. Copy ca.crt, ca.key and sa.key from the pki folder ` +
      `of its first server to ${directory}, in place of all that is there`,
  );
}

async function fingerprint(pki: Pki): Promise<string> {
  const { certPem } = await pki.ca();
  const tokenKey = createPublicKey(await pki.serviceAccountKey()).export({ type: 'spki', format: 'pem' });
  return createHash('sha256').update(certPem).update(tokenKey).digest('hex');
}
