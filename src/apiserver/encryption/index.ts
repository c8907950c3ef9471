/**
 * Encryption at rest: what lies in the store is sealed, and nobody behind the store knows.
 *
 * A file says which resource is sealed by which provider (`configuration.ts`, `load-configuration.ts`); of it come
 * `Rules`, which name a `Transformer` for a resource: the providers in their order, each with its keys, or a plugin of a
 * key management service (`kms/`). An `EncryptedStore` stands before the store of each resource and puts values through
 * its rule. `Encryption` holds what the file says now. Values are upstream's, byte for byte
 * (`apiserver/pkg/storage/value`): a kube-apiserver with the same file reads what is written here.
 */
export { EncryptedStore, type ObjectStore } from './encrypted-store.ts';
export { Encryption } from './encryption.ts';
export type { ProvidersOptions } from './providers.ts';
