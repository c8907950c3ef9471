import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** The key that service account tokens are signed with, and what verifiers need to know of it. */
export interface ServiceAccountKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  algorithm: 'RS256' | 'ES256';
  /** base64url of the SHA-256 of the public key's DER, as upstream names its keys (`pkg/serviceaccount/jwt.go`). */
  keyId: string;
}

/** Reads a PEM private key, RSA or P-256. */
export function serviceAccountKey(pem: string): ServiceAccountKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    publicKey,
    algorithm: privateKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256',
    keyId: createHash('sha256').update(der).digest('base64url'),
  };
}

/** The key set of `/openid/v1/jwks`. */
export function jsonWebKeySet(key: ServiceAccountKey): { keys: object[] } {
  const jwk = key.publicKey.export({ format: 'jwk' });
  return { keys: [{ use: 'sig', ...jwk, kid: key.keyId, alg: key.algorithm }] };
}

/** The document of `/.well-known/openid-configuration`. */
export function openIdConfiguration(key: ServiceAccountKey, issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [key.algorithm],
  };
}
