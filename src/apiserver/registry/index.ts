/**
 * The storage half of the API server: what each resource means, and where its objects are.
 *
 * A write comes in as a JSON value. It is decoded and defaulted (`body`), mutated by admission, completed by the
 * resource's strategy, validated, judged by admission again, and put into the store by a transaction that fails when
 * somebody else was faster; then it is decided anew (`create`, `update`, `patch`, `delete`, over `storage`). What was
 * written goes, parsed and serialized as it is, to the watch cache, and from there to all who list and watch (`list`,
 * `watch`). Out go stored objects: frozen, with their JSON.
 *
 * `rest.ts` is the contract with the edge; `Registry` holds one `Rest` for each resource.
 */
export type * from './rest.ts';
export { Registry, type RegistryOptions } from './registry.ts';
export { answerOf } from './answers.ts';
export { systemContext } from './defaults.ts';
export type { AdmissionPlugin, Attributes, Lookup } from '../admission/index.ts';
export type { SignedToken, TokenClaims, TokenSigner } from '../strategies/service-accounts.ts';
