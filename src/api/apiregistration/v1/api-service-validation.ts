import { FieldPath, isDns1035Label, isDns1123Subdomain, isPortNumber, type FieldErrors } from '#machinery';
import type { APIService, APIServiceSpec } from './api-service.ts';

const path = FieldPath.of('spec');
const statuses = ['True', 'False', 'Unknown'];

/** The rules of who serves (`kube-aggregator/pkg/apis/apiregistration/validation/validation.go`). */
export function validateAPIService({ metadata, spec }: APIService, errors: FieldErrors): void {
  const { group = '', version = '', groupPriorityMinimum, versionPriority } = spec;
  const name = `${version}.${group}`;
  if (metadata.name !== name) {
    const why = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`;
    errors.invalid(FieldPath.of('metadata').child('name'), metadata.name ?? '', why);
  }
  if (group === '' && version !== 'v1') {
    errors.required(path.child('group'), 'only v1 may have an empty group and it better be legacy kube');
  }
  const problems = group === '' ? [] : isDns1123Subdomain(group);
  for (const problem of problems) errors.invalid(path.child('group'), group, problem);
  for (const problem of isDns1035Label(version)) errors.invalid(path.child('version'), version, problem);
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) {
    errors.invalid(path.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000');
  }
  if (versionPriority <= 0 || versionPriority > 1000) {
    errors.invalid(path.child('versionPriority'), versionPriority, 'must be positive and less than 1000');
  }
  if (spec.service) validateRemote(spec, spec.service, errors);
  else validateLocal(spec, errors);
}

/** The rules of a written status. */
export function validateAPIServiceStatus({ status }: APIService, errors: FieldErrors): void {
  const place = FieldPath.of('status').child('conditions');
  for (const [at, condition] of (status.conditions ?? []).entries()) {
    if (statuses.includes(condition.status)) continue;
    errors.notSupported(place.index(at).child('status'), condition.status, statuses);
  }
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify = false }: APIServiceSpec, errors: FieldErrors): void {
  const size = Buffer.byteLength(caBundle, 'base64');
  if (size > 0) errors.invalid(path.child('caBundle'), `${size} bytes`, 'local APIServices may not have a caBundle');
  if (insecureSkipTLSVerify) {
    const why = 'local APIServices may not have insecureSkipTLSVerify';
    errors.invalid(path.child('insecureSkipTLSVerify'), true, why);
  }
}

function validateRemote(
  { insecureSkipTLSVerify = false, caBundle = '' }: APIServiceSpec,
  { namespace = '', name = '', port = 443 }: NonNullable<APIServiceSpec['service']>,
  errors: FieldErrors,
): void {
  const place = path.child('service');
  if (namespace === '') errors.required(place.child('namespace'));
  if (name === '') errors.required(place.child('name'));
  const problems = isPortNumber(port);
  if (problems.length > 0) errors.invalid(place.child('port'), port, `port is not valid: ${problems.join(', ')}`);
  if (insecureSkipTLSVerify && caBundle !== '') {
    errors.invalid(path.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present');
  }
}
