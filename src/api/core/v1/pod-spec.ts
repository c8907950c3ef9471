import {
  bool,
  int32,
  int64,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  quantity,
  required,
  string,
} from '#machinery';
import { Affinity } from './affinity.ts';
import { Container } from './container.ts';
import { EphemeralContainer } from './ephemeral-container.ts';
import { LocalObjectReference } from './references.ts';
import { ResourceRequirements } from './resources.ts';
import { PodSecurityContext } from './security-context.ts';
import { Toleration } from './taint.ts';
import { Volume } from './volume.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class HostAlias extends message('HostAlias.', {
  ip: required(string(1, 'The ip.', { minLength: 0 })),
  hostnames: list(2, 'The hostnames.', string(0, '')),
}) {}

export class PodDNSConfigOption extends message('PodDNSConfigOption.', {
  name: string(1, 'The name.'),
  value: pointer(string(2, 'The value.')),
}) {}

export class PodDNSConfig extends message('PodDNSConfig.', {
  nameservers: list(1, 'The nameservers.', string(0, '')),
  searches: list(2, 'The searches.', string(0, '')),
  options: list(3, 'The options.', PodDNSConfigOption),
}) {}

export class PodReadinessGate extends message('PodReadinessGate.', {
  conditionType: required(string(1, 'The condition type.', { minLength: 0 })),
}) {}

export class PodSchedulingGate extends message('PodSchedulingGate.', {
  name: required(string(1, 'The name.')),
}) {}

export class PodSchedulingGroup extends message('PodSchedulingGroup.', {
  podGroupName: pointer(string(1, 'The pod group name.')),
}) {}

export class PodOS extends message('PodOS.', {
  name: required(oneOf(1, 'The name.', ['linux', 'windows'])),
}) {}

export class PodResourceClaim extends message('PodResourceClaim.', {
  name: required(string(1, 'The name.', { format: 'dnsLabel' })),
  resourceClaimName: pointer(string(3, 'The resource claim name.')),
  resourceClaimTemplateName: pointer(string(4, 'The resource claim template name.')),
}) {}

export class TopologySpreadConstraint extends message('TopologySpreadConstraint.', {
  maxSkew: required(int32(1, 'The max skew.')),
  topologyKey: required(string(2, 'The topology key.', { minLength: 0 })),
  whenUnsatisfiable: required(oneOf(3, 'The when unsatisfiable.', ['DoNotSchedule', 'ScheduleAnyway'])),
  labelSelector: pointer(of(4, 'The label selector.', LabelSelector)),
  minDomains: pointer(int32(5, 'The min domains.')),
  nodeAffinityPolicy: pointer(oneOf(6, 'The node affinity policy.', ['Ignore', 'Honor'])),
  nodeTaintsPolicy: pointer(oneOf(7, 'The node taints policy.', ['Ignore', 'Honor'])),
  matchLabelKeys: list(8, 'The match label keys.', string(0, '')),
}) {}

export class PodSpec extends message('PodSpec.', {
  volumes: listMap(1, 'The volumes.', ['name'], Volume, {
    patchMergeKey: 'name',
    patchStrategy: ['merge', 'retainKeys'],
  }),
  initContainers: listMap(20, 'The init containers.', ['name'], Container, { patchMergeKey: 'name' }),
  containers: required(listMap(2, 'The containers.', ['name'], Container, { patchMergeKey: 'name' })),
  ephemeralContainers: listMap(34, 'The ephemeral containers.', ['name'], EphemeralContainer, {
    patchMergeKey: 'name',
  }),
  restartPolicy: oneOf(3, 'The restart policy.', ['Always', 'OnFailure', 'Never']),
  terminationGracePeriodSeconds: pointer(int64(4, 'The termination grace period seconds.')),
  activeDeadlineSeconds: pointer(int64(5, 'The active deadline seconds.')),
  dnsPolicy: oneOf(6, 'The dns policy.', ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
  nodeSelector: map(7, 'The node selector.', string(0, ''), { atomic: true }),
  serviceAccountName: string(8, 'The service account name.', { format: 'dnsSubdomain' }),
  serviceAccount: string(9, 'The service account.'),
  automountServiceAccountToken: pointer(bool(21, 'The automount service account token.')),
  nodeName: string(10, 'The node name.', { format: 'dnsSubdomain' }),
  hostNetwork: bool(11, 'The host network.'),
  hostPID: bool(12, 'The host pid.'),
  hostIPC: bool(13, 'The host ipc.'),
  shareProcessNamespace: pointer(bool(27, 'The share process namespace.')),
  securityContext: pointer(of(14, 'The security context.', PodSecurityContext)),
  imagePullSecrets: listMap(15, 'The image pull secrets.', ['name'], LocalObjectReference, { patchMergeKey: 'name' }),
  hostname: string(16, 'The hostname.', { format: 'dnsLabel' }),
  subdomain: string(17, 'The subdomain.', { format: 'dnsLabel' }),
  affinity: pointer(of(18, 'The affinity.', Affinity)),
  schedulerName: string(19, 'The scheduler name.'),
  tolerations: list(22, 'The tolerations.', Toleration),
  hostAliases: listMap(23, 'The host aliases.', ['ip'], HostAlias, { patchMergeKey: 'ip' }),
  priorityClassName: string(24, 'The priority class name.', { format: 'dnsSubdomain' }),
  priority: pointer(int32(25, 'The priority.')),
  dnsConfig: pointer(of(26, 'The dns config.', PodDNSConfig)),
  readinessGates: list(28, 'The readiness gates.', PodReadinessGate),
  runtimeClassName: pointer(string(29, 'The runtime class name.', { format: 'dnsSubdomain' })),
  enableServiceLinks: pointer(bool(30, 'The enable service links.')),
  preemptionPolicy: pointer(oneOf(31, 'The preemption policy.', ['PreemptLowerPriority', 'Never'])),
  overhead: map(32, 'The overhead.', quantity(0, '')),
  topologySpreadConstraints: listMap(
    33,
    'The topology spread constraints.',
    ['topologyKey', 'whenUnsatisfiable'],
    TopologySpreadConstraint,
    { patchMergeKey: 'topologyKey' },
  ),
  setHostnameAsFQDN: pointer(bool(35, 'The set hostname as fqdn.')),
  os: pointer(of(36, 'The os.', PodOS)),
  hostUsers: pointer(bool(37, 'The host users.')),
  schedulingGates: listMap(38, 'The scheduling gates.', ['name'], PodSchedulingGate, { patchMergeKey: 'name' }),
  resourceClaims: listMap(39, 'The resource claims.', ['name'], PodResourceClaim, {
    patchMergeKey: 'name',
    patchStrategy: ['merge', 'retainKeys'],
  }),
  resources: pointer(of(40, 'The resources.', ResourceRequirements)),
  hostnameOverride: pointer(string(41, 'The hostname override.')),
  schedulingGroup: pointer(of(43, 'The scheduling group.', PodSchedulingGroup)),
}) {}
