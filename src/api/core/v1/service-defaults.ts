import type { Service, ServicePort } from './service.ts';

const affinitySeconds = 10_800;

/** Fills in what a service leaves unsaid; addresses and node ports are given out later (`pkg/apis/core/v1/defaults.go`). */
export function setServiceDefaults(service: Service): void {
  const { spec } = service;
  spec.type ||= 'ClusterIP';
  setAffinityDefaults(service);
  for (const port of spec.ports ?? []) setPortDefaults(port);
  if (isReachedFromOutside(service)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') setBalancerDefaults(service);
}

/** Whether traffic from outside of the cluster may come in (`pkg/api/v1/service/util.go`). */
export function isReachedFromOutside({ spec }: Service): boolean {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') return true;
  return spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0;
}

function setAffinityDefaults({ spec }: Service): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else if (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
}

function setPortDefaults(port: ServicePort): void {
  port.protocol ||= 'TCP';
  port.targetPort ||= port.port;
}

function setBalancerDefaults({ spec, status }: Service): void {
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of status.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}
