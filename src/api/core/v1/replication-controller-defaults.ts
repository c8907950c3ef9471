import { setPodSpecDefaults } from './pod-defaults.ts';
import type { ReplicationController } from './replication-controller.ts';

/** Fills in what a replication controller leaves unsaid: its template tells it all (`pkg/apis/core/v1/defaults.go`). */
export function setReplicationControllerDefaults({ metadata, spec }: ReplicationController): void {
  spec.replicas ??= 1;
  if (!spec.template) return;
  setPodSpecDefaults(spec.template.spec);
  const { labels } = spec.template.metadata;
  if (!labels) return;
  if (isEmpty(spec.selector)) spec.selector = { ...labels };
  if (isEmpty(metadata.labels)) metadata.labels = { ...labels };
}

function isEmpty(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels === undefined || Object.keys(labels).length === 0;
}
