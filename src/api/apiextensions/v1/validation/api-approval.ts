import { FieldPath, type FieldErrors } from '#machinery';
import type { CustomResourceDefinition } from '../custom-resource-definition.ts';

const annotation = 'api-approved.kubernetes.io';
const place = FieldPath.of('metadata').child('annotations').key(annotation);
const see = 'see https://github.com/kubernetes/enhancements/pull/1111';

type State = 'missing' | 'bypassed' | 'approved' | 'invalid';

/** Groups of the community's own need its approval (`pkg/apihelpers/helpers.go`); what was so before may stay. */
export function validateApiApproval(
  definition: CustomResourceDefinition,
  errors: FieldErrors,
  old?: CustomResourceDefinition,
): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(definition.spec.group)) return;
  const value = definition.metadata.annotations?.[annotation] ?? '';
  const state = stateOf(value);
  if (old && stateOf(old.metadata.annotations?.[annotation] ?? '') === state) return;
  if (state === 'missing')
    errors.required(place, `protected groups must have approval annotation "${annotation}", ${see}`);
  else if (state === 'invalid') {
    const form = 'with either a URL or a reason starting with "unapproved"';
    errors.invalid(place, value, `protected groups must have approval annotation "${annotation}" ${form}, ${see}`);
  }
}

function stateOf(value: string): State {
  if (value === '') return 'missing';
  if (value.startsWith('unapproved')) return 'bypassed';
  return URL.canParse(value) && new URL(value).host !== '' ? 'approved' : 'invalid';
}
