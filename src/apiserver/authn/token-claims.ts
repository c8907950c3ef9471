import { isRecord } from '../http/query.ts';

interface Reference {
  name: string;
  uid: string;
}

/** What a service account token says under `kubernetes.io`. */
export interface ServiceAccountClaims {
  namespace: string;
  serviceaccount: Reference;
  pod?: Reference;
  secret?: Reference;
  node?: { name: string; uid?: string };
}

/** Reads the private claims of a token; undefined where they are not those of a service account. */
export function readClaims(value: unknown): ServiceAccountClaims | undefined {
  if (!isRecord(value) || typeof value['namespace'] !== 'string') return undefined;
  const serviceaccount = reference(value['serviceaccount']);
  if (!serviceaccount) return undefined;
  const [pod, secret, node] = [value['pod'], value['secret'], value['node']].map(reference);
  return {
    namespace: value['namespace'],
    serviceaccount,
    ...(pod && { pod }),
    ...(secret && { secret }),
    ...(node && { node }),
  };
}

function reference(value: unknown): Reference | undefined {
  if (!isRecord(value) || typeof value['name'] !== 'string') return undefined;
  return { name: value['name'], uid: typeof value['uid'] === 'string' ? value['uid'] : '' };
}
