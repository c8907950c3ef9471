import { FieldPath, type Warnings } from '#machinery';
import type { ServiceAccount } from '../service-account.ts';

const enforced = 'kubernetes.io/enforce-mountable-secrets';

/** What to tell who sets an annotation whose time is over (`pkg/registry/core/serviceaccount/strategy.go`). */
export function warnOfServiceAccount({ metadata }: ServiceAccount, warnings: Warnings, old?: ServiceAccount): void {
  if (old?.metadata.annotations?.[enforced] !== undefined || metadata.annotations?.[enforced] === undefined) return;
  const why = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
  warnings.at(FieldPath.of('metadata', 'annotations').key(enforced), why);
}
