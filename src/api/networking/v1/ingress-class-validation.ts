import { FieldPath, isDns1123Label, type FieldErrors } from '#machinery';
import { validateDomainPrefixedPath } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import { validateObjectName } from './ingress-backend-validation.ts';
import type { IngressClass, IngressClassParametersReference } from './ingress-class.ts';

const path = FieldPath.of('spec');
const maxControllerBytes = 250;

/** The rules of ingress classes (`pkg/apis/networking/validation/validation.go`). */
export function validateIngressClass({ spec }: IngressClass, errors: FieldErrors, old?: IngressClass): void {
  const { controller = '', parameters } = spec;
  const at = path.child('controller');
  if (old) validateImmutable(controller, old.spec.controller ?? '', errors, at);
  if (Buffer.byteLength(controller) > maxControllerBytes) errors.tooLong(at, maxControllerBytes);
  validateDomainPrefixedPath(controller, errors, at);
  if (parameters) validateParameters(parameters, errors, path.child('parameters'));
}

function validateParameters(parameters: IngressClassParametersReference, errors: FieldErrors, path: FieldPath): void {
  validateObjectName(parameters, errors, path);
  const { scope, namespace } = parameters;
  const at = path.child('namespace');
  if (scope === undefined) return errors.required(path.child('scope'));
  if (scope === 'Namespace') {
    if (namespace === undefined) return errors.required(at, "`parameters.scope` is set to 'Namespace'");
    for (const why of isDns1123Label(namespace)) errors.invalid(at, namespace, why);
  } else if (scope === 'Cluster' && namespace !== undefined) {
    errors.forbidden(at, "`parameters.scope` is set to 'Cluster'");
  }
}
