import { randomUuid } from '#base';
import { TokenRequest, type ServiceAccount } from '#api';
import {
  badRequest,
  conflict,
  FieldErrors,
  FieldPath,
  formatTime,
  invalid,
  notFound,
  parseApiVersion,
  type KubeObject,
} from '#machinery';
import type { Lookup } from '../admission/plugin.ts';
import { answerOf } from '../registry/answers.ts';
import { decodeAs } from '../registry/body.ts';
import { mustBeIn } from '../registry/create.ts';
import type { RequestContext } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import type { Strategy } from '../registry/strategy.ts';

/** What a service account token is to say. */
export interface TokenClaims {
  serviceAccount: ServiceAccount;
  /** Empty: the server's own. */
  audiences: string[];
  expirationSeconds: number;
  /** The pod, secret or node whose end ends the token; a pod's node, where it has one. */
  bound?: { kind: 'Pod' | 'Secret' | 'Node'; name: string; uid: string };
  node?: { name: string; uid: string };
}

/** Signs a token. */
export type TokenSigner = (claims: TokenClaims, context: RequestContext) => Promise<SignedToken>;
export interface SignedToken {
  token: string;
  /** RFC 3339. */
  expirationTimestamp: string;
  audiences: string[];
}

const minSeconds = 600;
const maxSeconds = 2 ** 32;
const defaultSeconds = 3600;
const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };

/** ServiceAccounts, and the `token` subresource that makes their credentials (`registry/core/serviceaccount/storage/token.go`). */
export function serviceAccountStrategy({
  sign,
  lookup,
}: {
  sign: TokenSigner;
  lookup: Lookup;
}): Strategy<ServiceAccount> {
  return {
    answersObject: true,
    prepareForCreate: keepNames,
    prepareForUpdate: keepNames,
    subresources: {
      token: (store) => ({
        async create(context, ns, name, body, options = {}) {
          const request = decodeAs(TokenRequest, kind, body, context, options);
          checkNames(request, ns, name);
          const { random, clock } = store.parts;
          request.metadata.uid = randomUuid(random);
          request.metadata.creationTimestamp = formatTime(clock.now());
          const { spec } = request;
          const expirationSeconds = spec.expirationSeconds ?? defaultSeconds;
          validateSeconds(expirationSeconds);
          const serviceAccount = (await store.get(context, ns, name)).object as ServiceAccount;
          await admit(store, context, request, options.dryRun ?? false);
          const audiences = spec.audiences ?? [];
          const bound = await boundObject(lookup, request, ns, name);
          const claims = { serviceAccount, audiences, expirationSeconds, ...bound };
          const signed = await sign(claims, context);
          const { token, expirationTimestamp } = signed;
          const answered = { ...spec, audiences: signed.audiences, expirationSeconds };
          return answerOf({ ...request, ...kind, spec: answered, status: { token, expirationTimestamp } });
        },
      }),
    },
  };
}

/** Nothing but its name says which secret it is (`cleanSecretReferences`). */
function keepNames(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

async function admit(
  { parts }: ResourceStore<ServiceAccount>,
  { user }: RequestContext,
  object: TokenRequest,
  dryRun: boolean,
): Promise<void> {
  const { namespace = '', name = '' } = object.metadata;
  const { resource, admission } = parts;
  const asked = { operation: 'CREATE', subresource: 'token', resource, namespace, name } as const;
  const attributes = { ...asked, object, user, dryRun };
  await admission.mutate(attributes);
  await admission.validate(attributes);
}

function checkNames({ metadata }: TokenRequest, ns: string, name: string): void {
  mustBeIn(ns, metadata);
  if (metadata.name && metadata.name !== name) {
    const errors = new FieldErrors();
    errors.invalid(FieldPath.of('metadata.name'), metadata.name, 'must match the service account name if specified');
    throw invalid({ group: 'authentication.k8s.io', kindName: kind.kind }, name, errors);
  }
  metadata.name = name;
  metadata.namespace = ns;
}

function validateSeconds(seconds: number): void {
  const errors = new FieldErrors();
  const at = FieldPath.of('spec', 'expirationSeconds');
  if (seconds < minSeconds) errors.invalid(at, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > maxSeconds) errors.invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds');
  if (!errors.empty) throw invalid({ group: 'authentication.k8s.io', kindName: 'TokenRequest' }, '', errors);
}

const resources = {
  Pod: { group: '', plural: 'pods' },
  Secret: { group: '', plural: 'secrets' },
  Node: { group: '', plural: 'nodes' },
} as const;

/** The object that the token is bound to; it must be there, and a pod must run as this account. */
async function boundObject(
  lookup: Lookup,
  { spec }: TokenRequest,
  ns: string,
  account: string,
): Promise<Pick<TokenClaims, 'bound' | 'node'>> {
  const reference = spec.boundObjectRef;
  if (!reference) return {};
  const { kind = '', name = '', uid } = reference;
  if (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node') {
    const { group, version } = parseApiVersion(reference.apiVersion ?? '');
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  const resource = resources[kind];
  const object = await lookup.read(resource, kind === 'Node' ? '' : ns, name);
  if (!object) throw notFound(resource, name);
  const actual = object.metadata.uid ?? '';
  if (uid && uid !== actual) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', plural: kind }, name, why);
  }
  const bound: TokenClaims['bound'] = { kind, name, uid: actual };
  return kind === 'Pod' ? { bound, ...(await nodeOfPod(lookup, object, account)) } : { bound };
}

async function nodeOfPod(lookup: Lookup, pod: KubeObject, account: string): Promise<Pick<TokenClaims, 'node'>> {
  const { serviceAccountName, nodeName } = (pod as KubeObject & { spec: PodFacts }).spec;
  if (serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  }
  const node = nodeName ? await lookup.read(resources.Node, '', nodeName) : undefined;
  return node && nodeName ? { node: { name: nodeName, uid: node.metadata.uid ?? '' } } : {};
}

interface PodFacts {
  serviceAccountName?: string;
  nodeName?: string;
}
