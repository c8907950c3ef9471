import { isEqualJson, type KubeObject } from '#machinery';
import type { RequestContext } from './rest.ts';

const advice = 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24';

/** Drops owners that stand twice, and warns of them (`endpoints/handlers/rest.go`); of a patch upstream finds them late. */
export function dedupeOwners({ metadata }: KubeObject, context: RequestContext, when: 'asSent' | 'patched'): void {
  const { ownerReferences = [] } = metadata;
  const kept = ownerReferences.filter(
    (one, at) => ownerReferences.findIndex((other) => isEqualJson(one, other)) === at,
  );
  if (kept.length === ownerReferences.length) return;
  const dropped = ownerReferences.filter((one) => !kept.includes(one)).map(({ uid }) => uid);
  const late = when === 'patched' ? ' after mutating admission happens' : '';
  context.warn(
    `.metadata.ownerReferences contains duplicate entries${late}; ${advice}; please fix your requests; duplicate UID(s) observed: ${dropped.join(', ')}`,
  );
  metadata.ownerReferences = kept;
}
