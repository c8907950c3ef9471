import { FieldPath, type FieldErrors } from '#machinery';
import type { ReplicationController } from './replication-controller.ts';
import { validateReplicatedTemplate } from './validation/pod-template.ts';

const path = FieldPath.of('spec');

/** The rules of replication controllers (`pkg/apis/core/validation/validation.go`). */
export function validateReplicationController({ spec }: ReplicationController, errors: FieldErrors): void {
  const { selector = {}, template } = spec;
  if (Object.keys(selector).length === 0) errors.required(path.child('selector'));
  if (template)
    validateReplicatedTemplate(template, { matchLabels: selector }, 'ReplicaSet', errors, path.child('template'));
  else errors.required(path.child('template'));
}
