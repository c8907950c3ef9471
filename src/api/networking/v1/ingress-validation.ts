import { isIP } from 'node:net';
import { FieldErrors, FieldPath, isDns1123Subdomain, isWildcardDns1123Subdomain } from '#machinery';
import { validateIp } from '../../meta/v1/ip-validation.ts';
import { validateIngressBackend } from './ingress-backend-validation.ts';
import type { HTTPIngressPath, Ingress, IngressRule, IngressTLS } from './ingress.ts';

const path = FieldPath.of('spec');
const classAnnotation = 'kubernetes.io/ingress.class';
const notAddress = 'must be a DNS name, not an IP address';

/** The rules of Ingresses (`pkg/apis/networking/validation/validation.go`). */
export function validateIngress(ingress: Ingress, errors: FieldErrors, old?: Ingress): void {
  const { ingressClassName, defaultBackend, rules = [], tls = [] } = ingress.spec;
  if (rules.length === 0 && !defaultBackend) {
    errors.invalid(path, ingress.spec.rules, 'either `defaultBackend` or `rules` must be specified');
  }
  if (defaultBackend) validateIngressBackend(defaultBackend, errors, path.child('defaultBackend'));
  for (const [at, rule] of rules.entries()) validateRule(rule, errors, path.child('rules').index(at), old);
  for (const [at, one] of tls.entries()) validateTls(one, errors, path.child('tls').index(at), old);
  if (ingressClassName !== undefined) {
    const at = path.child('ingressClassName');
    for (const why of isDns1123Subdomain(ingressClassName)) errors.invalid(at, ingressClassName, why);
  }
  if (!old) validateClassAnnotation(ingress, errors);
}

/** The old way to name a class may stand beside the new one, if they agree. */
function validateClassAnnotation({ metadata, spec }: Ingress, errors: FieldErrors): void {
  const annotation = metadata.annotations?.[classAnnotation];
  if (annotation === undefined || spec.ingressClassName === undefined || annotation === spec.ingressClassName) return;
  const at = FieldPath.of('annotations', classAnnotation);
  errors.invalid(at, annotation, 'must match `ingressClassName` when both are specified');
}

function validateTls(
  { hosts = [], secretName }: IngressTLS,
  errors: FieldErrors,
  path: FieldPath,
  old?: Ingress,
): void {
  for (const [at, host] of hosts.entries()) validateHost(host, errors, path.child('hosts').index(at));
  // Names that were stored before this was checked stay.
  if (!secretName || old?.spec.tls?.some((one) => !isSecretName(one.secretName))) return;
  for (const why of isDns1123Subdomain(secretName)) errors.invalid(path.child('secretName'), secretName, why);
}

function isSecretName(name: string | undefined): boolean {
  return !name || isDns1123Subdomain(name).length === 0;
}

function validateHost(host: string, errors: FieldErrors, path: FieldPath): void {
  const check = isWildcard(host) ? isWildcardDns1123Subdomain : isDns1123Subdomain;
  for (const why of check(host)) errors.invalid(path, host, why);
}

function isWildcard(host: string): boolean {
  return host.includes('*');
}

function validateRule(rule: IngressRule, errors: FieldErrors, path: FieldPath, old?: Ingress): void {
  const { host = '' } = rule;
  if (host !== '') {
    if (isIP(host) !== 0) errors.invalid(path.child('host'), host, notAddress);
    validateHost(host, errors, path.child('host'));
  }
  // The paths behind wildcards were not looked at once, and what was stored then stays.
  if (isWildcard(host) && old?.spec.rules?.some(isInvalidWildcard)) return;
  validatePaths(rule, errors, path);
}

function isInvalidWildcard(rule: IngressRule): boolean {
  const errors = new FieldErrors();
  validatePaths(rule, errors, FieldPath.of());
  return isWildcard(rule.host ?? '') && !errors.empty;
}

function validatePaths({ http }: IngressRule, errors: FieldErrors, path: FieldPath): void {
  if (!http) return;
  const at = path.child('http', 'paths');
  if (http.paths.length === 0) errors.required(at);
  for (const [index, one] of http.paths.entries()) validatePath(one, errors, at.index(index));
}

const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badEnds = ['/..', '/.'];

function validatePath(
  { path: text = '', pathType, backend }: HTTPIngressPath,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('path');
  // A type that says nothing, or nothing known, is told by the schema, but for these words.
  if (pathType === undefined) return errors.required(path.child('pathType'), 'pathType must be specified');
  const isExplicit = pathType === 'Exact' || pathType === 'Prefix';
  if (!text.startsWith('/') && (isExplicit || text !== '')) errors.invalid(at, text, 'must be an absolute path');
  if (isExplicit) {
    for (const one of badSequences) if (text.includes(one)) errors.invalid(at, text, `must not contain '${one}'`);
    for (const one of badEnds) if (text.endsWith(one)) errors.invalid(at, text, `cannot end with '${one}'`);
  }
  validateIngressBackend(backend, errors, path.child('backend'));
}

/** Where the Ingress is reached is an address or a name. */
export function validateIngressStatus({ status }: Ingress, errors: FieldErrors, { status: old }: Ingress): void {
  const path = FieldPath.of('status', 'loadBalancer', 'ingress');
  const known = new Set((old.loadBalancer.ingress ?? []).map(({ ip }) => ip));
  for (const [index, { ip, hostname }] of (status.loadBalancer.ingress ?? []).entries()) {
    const at = path.index(index);
    if (ip && !known.has(ip)) validateIp(ip, errors, at.child('ip'));
    if (!hostname) continue;
    for (const why of isDns1123Subdomain(hostname)) errors.invalid(at.child('hostname'), hostname, why);
    if (isIP(hostname) !== 0) errors.invalid(at.child('hostname'), hostname, notAddress);
  }
}
