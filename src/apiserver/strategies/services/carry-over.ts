import { isEqualJson } from '#machinery';
import type { Service } from '#api';
import {
  clusterIpsOf,
  isReachedFromOutside,
  mayHaveNodePort,
  needsClusterIp,
  needsHealthCheckPort,
  nodePortsOf,
} from './traits.ts';

/** Gives an update that leaves out what the server once filled in the old values (`patchAllocatedValues`). */
export function carryOver(service: Service, old: Service): void {
  const { spec } = service;
  if (needsClusterIp(service) && needsClusterIp(old)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
    if (!spec.clusterIPs?.length && old.spec.clusterIPs && spec.clusterIP === old.spec.clusterIP) {
      spec.clusterIPs = [...old.spec.clusterIPs];
    }
    spec.ipFamilies ??= old.spec.ipFamilies && [...old.spec.ipFamilies];
    spec.ipFamilyPolicy ??= old.spec.ipFamilyPolicy;
    if (spec.ipFamilies === undefined) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === undefined) delete spec.ipFamilyPolicy;
  }
  if (mayHaveNodePort(service) && mayHaveNodePort(old)) carryNodePorts(service, old);
  if (needsHealthCheckPort(service) && needsHealthCheckPort(old) && old.spec.healthCheckNodePort) {
    spec.healthCheckNodePort ||= old.spec.healthCheckNodePort;
  }
}

/** By the ports' names; a node port that the update gives to another port stays there. */
function carryNodePorts(service: Service, old: Service): void {
  const used = new Set(nodePortsOf(service));
  const byName = new Map((old.spec.ports ?? []).map(({ name = '', nodePort = 0 }) => [name, nodePort]));
  for (const port of service.spec.ports ?? []) {
    const before = byName.get(port.name ?? '') ?? 0;
    if (!port.nodePort && before !== 0 && !used.has(before)) port.nodePort = before;
  }
}

/** Clears what the new type has no use for and the client did not touch (`dropTypeDependentFields`). */
export function dropForType(service: Service, old: Service): void {
  const { spec } = service;
  if (needsClusterIp(old) && !needsClusterIp(service) && isEqualJson(clusterIpsOf(old), clusterIpsOf(service))) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    delete spec.ipFamilies;
    delete spec.ipFamilyPolicy;
  }
  if (mayHaveNodePort(old) && !mayHaveNodePort(service) && hasNoNewNodePort(service, old)) {
    for (const port of spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(service)) {
    if (spec.healthCheckNodePort === old.spec.healthCheckNodePort) delete spec.healthCheckNodePort;
  }
  if (old.spec.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === old.spec.allocateLoadBalancerNodePorts) {
      delete spec.allocateLoadBalancerNodePorts;
    }
    if (spec.loadBalancerClass === old.spec.loadBalancerClass) delete spec.loadBalancerClass;
  }
  if (isReachedFromOutside(old) && !isReachedFromOutside(service)) {
    if (spec.externalTrafficPolicy === old.spec.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  }
}

/** Ports may come and go with the type, as long as no node port is asked for (`sameNodePorts`). */
function hasNoNewNodePort({ spec }: Service, old: Service): boolean {
  const before = new Set(old.spec.ports?.map(({ nodePort }) => nodePort));
  return (spec.ports ?? []).every(({ nodePort = 0 }) => nodePort === 0 || before.has(nodePort));
}
