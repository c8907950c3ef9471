import { FieldPath, type FieldErrors } from '#machinery';
import type { ReplicationController } from './replication-controller.ts';
import { validateReplicatedTemplate } from './validation/pod-template.ts';

const path = FieldPath.of('spec');

/** The rules of replication controllers (`pkg/apis/core/validation/validation.go`). */
export function validateReplicationController({ spec }: ReplicationController, errors: FieldErrors): void {
  const { selector = {}, template } = spec;
  if (Object.keys(selector).length === 0) errors.required(path.child('selector'));
  // Nobody judges the labels themselves: they are compared as they are.
  const finds = (labels: Readonly<Record<string, string>> = {}): boolean =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  if (template) {
    validateReplicatedTemplate(template, finds, 'ReplicationController', errors, path.child('template'));
  } else errors.required(path.child('template'));
}
