import type { Clock } from '#base';
import type { Namespace, NamespaceCondition } from '#api';
import { withCondition } from '../objects.ts';
import type { Remaining } from './content.ts';

/** The conditions of a namespace that is being emptied, in upstream's words (`pkg/controller/namespace/deletion`). */
export function conditionsOf(namespace: Namespace, remaining: Remaining, clock: Clock): NamespaceCondition[] {
  const told: NamespaceCondition[] = [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    contentFailure(remaining),
    contentRemaining(remaining),
    finalizersRemaining(remaining),
  ];
  let conditions = namespace.status.conditions ?? [];
  for (const condition of told) conditions = withCondition(conditions, condition, clock);
  return conditions;
}

function contentFailure({ failures }: Remaining): NamespaceCondition {
  const type = 'NamespaceDeletionContentFailure';
  if (failures.length === 0) {
    const message = 'All content successfully deleted, may be waiting on finalization';
    return { type, status: 'False', reason: 'ContentDeleted', message };
  }
  const message = `Failed to delete all resource types, ${failures.length} remaining: ${failures.sort().join(', ')}`;
  return { type, status: 'True', reason: 'ContentDeletionFailed', message };
}

function contentRemaining({ counts }: Remaining): NamespaceCondition {
  const type = 'NamespaceContentRemaining';
  const message = 'All content successfully removed';
  if (counts.size === 0) return { type, status: 'False', reason: 'ContentRemoved', message };
  const left = [...counts].map(([resource, count]) => `${resource} has ${count} resource instances`).sort();
  const told = `Some resources are remaining: ${left.join(', ')}`;
  return { type, status: 'True', reason: 'SomeResourcesRemain', message: told };
}

function finalizersRemaining({ finalizers }: Remaining): NamespaceCondition {
  const type = 'NamespaceFinalizersRemaining';
  const message = 'All content-preserving finalizers finished';
  if (finalizers.size === 0) return { type, status: 'False', reason: 'ContentHasNoFinalizers', message };
  const left = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  const told = `Some content in the namespace has finalizers remaining: ${left.join(', ')}`;
  return { type, status: 'True', reason: 'SomeFinalizersRemain', message: told };
}
