import { FieldPath, isDns1123Subdomain, isPortNumber, type FieldErrors } from '#machinery';
import { validateCidr, validateIp, validateReachableIp } from '../../meta/v1/ip-validation.ts';
import { validateLabels, validateQualifiedName } from '../../meta/v1/label-validation.ts';
import { isReachedFromOutside } from './service-defaults.ts';
import type { Service } from './service.ts';
import { validateServiceAnnotations } from './validation/service-annotations.ts';
import { isHeadless, validateClusterIps, validateClusterIpsUpdate } from './validation/service-ips.ts';
import { validateServicePorts } from './validation/service-ports.ts';

const path = FieldPath.of('spec');
const balancerOnly = "may only be used when `type` is 'LoadBalancer'";

/** The rules of services; addresses and node ports that are still to be given out may be absent. */
export function validateService(service: Service, errors: FieldErrors, old?: Service): void {
  if (old) {
    validateClusterIpsUpdate(service, old, errors);
    validateBalancerUpdate(service, old, errors);
  }
  validateType(service, errors);
  validateServicePorts(service, errors, path.child('ports'));
  validateLabels(service.spec.selector, errors, path.child('selector'));
  validateAffinity(service, errors);
  if (service.spec.type !== 'ExternalName') validateClusterIps(service, errors);
  for (const [at, ip] of (service.spec.externalIPs ?? []).entries()) {
    const here = path.child('externalIPs').index(at);
    if (validateIp(ip, errors, here)) validateReachableIp(ip, errors, here);
  }
  validateBalancer(service, errors);
  validateServiceAnnotations(service, errors, old);
  validateTraffic(service, errors, old);
}

function validateType({ spec }: Service, errors: FieldErrors): void {
  if (spec.type === 'ExternalName') return validateExternalName(spec, errors);
  // An unknown type is told by the schema.
  if ((spec.type !== 'LoadBalancer' && spec.type !== 'NodePort') || !isHeadless(spec)) return;
  const why = `may not be set to 'None' for ${spec.type} services`;
  errors.invalid(path.child('clusterIPs').index(0), 'None', why);
}

function validateExternalName(spec: Service['spec'], errors: FieldErrors): void {
  const why = 'may not be set for ExternalName services';
  if (spec.clusterIPs?.length) errors.forbidden(path.child('clusterIPs'), why);
  if (spec.ipFamilies?.length) errors.forbidden(path.child('ipFamilies'), why);
  if (spec.ipFamilyPolicy !== undefined) errors.forbidden(path.child('ipFamilyPolicy'), why);
  // A dot at the end says that the name is complete.
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') errors.required(path.child('externalName'));
  else for (const one of isDns1123Subdomain(name)) errors.invalid(path.child('externalName'), name, one);
}

const maxAffinitySeconds = 86_400;

function validateAffinity({ spec }: Service, errors: FieldErrors): void {
  const at = path.child('sessionAffinityConfig', 'clientIP', 'timeoutSeconds');
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (spec.sessionAffinity !== 'ClientIP' || seconds === undefined) return;
  if (seconds > 0 && seconds <= maxAffinitySeconds) return;
  errors.invalid(at, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`);
}

function validateBalancer({ spec }: Service, errors: FieldErrors): void {
  const { type, loadBalancerSourceRanges: ranges = [], loadBalancerClass } = spec;
  const isBalancer = type === 'LoadBalancer';
  // Upstream spells the field so.
  const at = path.child('LoadBalancerSourceRanges');
  if (ranges.length > 0 && !isBalancer) errors.forbidden(at, balancerOnly);
  for (const [index, range] of ranges.entries()) validateCidr(range.trim(), errors, at.index(index));
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalancer) {
    errors.forbidden(path.child('allocateLoadBalancerNodePorts'), balancerOnly);
  }
  if (loadBalancerClass === undefined) return;
  const className = path.child('loadBalancerClass');
  if (isBalancer) validateQualifiedName(loadBalancerClass, errors, className);
  else errors.forbidden(className, balancerOnly);
}

function validateBalancerUpdate({ spec }: Service, { spec: old }: Service, errors: FieldErrors): void {
  if (spec.type !== 'LoadBalancer' || old.type !== 'LoadBalancer') return;
  if (spec.loadBalancerClass !== old.loadBalancerClass) {
    errors.invalid(path.child('loadBalancerClass'), spec.loadBalancerClass, 'may not change once set');
  }
  const [port, before] = [spec.healthCheckNodePort, old.healthCheckNodePort];
  const isLocal = spec.externalTrafficPolicy === 'Local' && old.externalTrafficPolicy === 'Local';
  if (isLocal && before && port !== before) errors.forbidden(path.child('healthCheckNodePort'), 'field is immutable');
}

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

function validateTraffic(service: Service, errors: FieldErrors, old?: Service): void {
  const { externalTrafficPolicy: policy, healthCheckNodePort: port, type, trafficDistribution } = service.spec;
  // Who makes a service internal and says nothing of the policy leaves it behind.
  const isLeftOver = old !== undefined && policy === old.spec.externalTrafficPolicy;
  if (policy && !isReachedFromOutside(service) && !isLeftOver) {
    const why = 'may only be set for externally-accessible services';
    errors.invalid(path.child('externalTrafficPolicy'), policy, why);
  }
  const at = path.child('healthCheckNodePort');
  const isChecked = type === 'LoadBalancer' && policy === 'Local';
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  if (port && !isChecked) errors.invalid(at, port, why);
  for (const problem of port && isChecked ? isPortNumber(port) : []) errors.invalid(at, port, problem);
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) {
    errors.notSupported(path.child('trafficDistribution'), trafficDistribution, distributions);
  }
}
