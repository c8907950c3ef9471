import { notAcceptable } from '#machinery';
import { parseAccept } from './accept.ts';

export type Encoding = 'json' | 'yaml' | 'protobuf';

/** Into what the answer is turned before it is encoded. */
export type Transform = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How an answer is written. */
export interface Format {
  encoding: Encoding;
  pretty: boolean;
  transform?: Transform;
  /** `v1` or `v1beta1` of meta.k8s.io, where there is a transform. */
  version?: string;
}

/** What an endpoint can do beside plain objects. */
export type Allowed = 'plain' | 'transforms' | 'discovery';

export const mediaTypes: Record<Encoding, string> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};

const encodings: readonly Encoding[] = ['json', 'yaml', 'protobuf'];
const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const transforms: readonly string[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];

export interface NegotiationRequest {
  accept: string | undefined;
  userAgent: string;
  query: URLSearchParams;
}

/**
 * Finds the format for an answer (`apiserver/pkg/endpoints/handlers/negotiation`). Throws NotAcceptable. An Accept clause
 * that asks for what cannot be (a Table in protobuf) is passed over for the next.
 */
export function negotiate(request: NegotiationRequest, allowed: Allowed = 'plain', stream = false): Format {
  const format = request.accept ? accepted(request.accept, allowed, stream) : plainJson;
  return !format.pretty && wantsPretty(request) ? { ...format, pretty: true } : format;
}

const plainJson: Format = { encoding: 'json', pretty: false };

/** Clients send one of a handful of Accept headers with every request: what they come to is remembered. */
const remembered = new Map<string, Format>();
const maxRemembered = 200;

function accepted(accept: string, allowed: Allowed, stream: boolean): Format {
  const key = `${allowed} ${stream} ${accept}`;
  const known = remembered.get(key);
  if (known) return known;
  const format = formatFor(accept, allowed, stream);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(key, format);
  return format;
}

function formatFor(accept: string, allowed: Allowed, stream: boolean): Format {
  const format = firstAccepted(accept, allowed, stream);
  if (format) return format;
  const types = stream ? streamTypes : encodings.map((encoding) => mediaTypes[encoding]);
  throw notAcceptable(`only the following media types are accepted: ${types.join(', ')}`);
}

function firstAccepted(accept: string, allowed: Allowed, stream: boolean): Format | undefined {
  for (const { type, subtype, params } of parseAccept(accept)) {
    for (const encoding of encodings) {
      if (!matches(encoding, type, subtype) || (stream && encoding === 'yaml')) continue;
      const format = formatOf(encoding, params, allowed);
      if (format) return { ...format, pretty: params['pretty'] === '1' };
    }
  }
  return undefined;
}

/** The format of the aggregated discovery document, if the client asks for that anywhere (`discovery/aggregated/wrapper.go`). */
export function negotiateAggregated(accept: string | undefined): Format | undefined {
  return accept ? firstAccepted(accept, 'discovery', false) : undefined;
}

function matches(encoding: Encoding, type: string, subtype: string): boolean {
  return (
    type === '*' || (type === 'application' && (subtype === '*' || `application/${subtype}` === mediaTypes[encoding]))
  );
}

function formatOf(encoding: Encoding, params: Record<string, string>, allowed: Allowed): Format | undefined {
  const { as, g, v, stream } = params;
  if (stream !== undefined && stream !== '' && stream !== 'watch') return undefined;
  if (allowed === 'discovery') {
    const isAggregated = as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2';
    return isAggregated ? { encoding, pretty: false } : undefined;
  }
  if (as === undefined && g === undefined && v === undefined) return { encoding, pretty: false };
  if (allowed !== 'transforms' || !isTransform(as) || g !== 'meta.k8s.io') return undefined;
  if (v !== 'v1' && v !== 'v1beta1') return undefined;
  // Tables have no protobuf form.
  if (as === 'Table' && encoding === 'protobuf') return undefined;
  return { encoding, pretty: false, transform: as, version: v };
}

function isTransform(kind: string | undefined): kind is Transform {
  return kind !== undefined && transforms.includes(kind);
}

/** `?pretty=true`, or a client that a person looks at. */
function wantsPretty({ query, userAgent }: NegotiationRequest): boolean {
  const asked = query.get('pretty');
  if (asked) return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}
