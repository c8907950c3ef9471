import { bytes, map, message, service, string, unary } from '#wire';

/** Asks how the plugin is. */
export class StatusRequest extends message({}) {}
/** How it is: `ok`, and which key it writes with. */
export class StatusResponse extends message({ version: string(1), healthz: string(2), keyId: string(3) }) {}

/** Something small to be opened again. */
export class DecryptRequest extends message({
  ciphertext: bytes(1),
  uid: string(2),
  keyId: string(3),
  annotations: map(4, bytes),
}) {}
/** What it was. */
export class DecryptResponse extends message({ plaintext: bytes(1) }) {}

/** Something small to be sealed. */
export class EncryptRequest extends message({ plaintext: bytes(1), uid: string(2) }) {}
/** Sealed; all of this is asked for when it is to be opened. */
export class EncryptResponse extends message({ ciphertext: bytes(1), keyId: string(2), annotations: map(3, bytes) }) {}

/** What a plugin of KMS v2 serves (`kms/apis/v2/api.proto`). */
export const keyManagementService = service('v2.KeyManagementService', {
  status: unary('Status', StatusRequest, StatusResponse),
  decrypt: unary('Decrypt', DecryptRequest, DecryptResponse),
  encrypt: unary('Encrypt', EncryptRequest, EncryptResponse),
});
