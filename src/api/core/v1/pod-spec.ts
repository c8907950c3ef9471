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

export class HostAlias extends message("A line of the pod's `/etc/hosts`.", {
  ip: required(string(1, 'The address.', { minLength: 0 })),
  hostnames: list(2, 'The names that lead there.', string(0, '')),
}) {}

export class PodDNSConfigOption extends message('An option of the resolver.', {
  name: string(1, 'Its name, such as `ndots`.'),
  value: pointer(string(2, 'Its value, if it takes one.')),
}) {}

export class PodDNSConfig extends message("What is added to the pod's `/etc/resolv.conf`.", {
  nameservers: list(1, 'Further name servers.', string(0, '')),
  searches: list(2, 'Further search domains.', string(0, '')),
  options: list(3, 'Resolver options; they win over those of the policy.', PodDNSConfigOption),
}) {}

export class PodReadinessGate extends message('A condition that has to be true before the pod is ready.', {
  conditionType: required(string(1, "The condition's type.", { minLength: 0 })),
}) {}

export class PodSchedulingGate extends message('Something that has to happen before the pod is scheduled.', {
  name: required(string(1, 'What, told by who removes the gate.', { minLength: 0 })),
}) {}

export class PodSchedulingGroup extends message(
  'The group of pods that are scheduled together.',
  {
    podGroupName: pointer(string(1, "The group's name.")),
  },
  { unions: [{ fields: ['podGroupName'] }] },
) {}

export class PodOS extends message("The operating system of a pod's containers.", {
  name: required(oneOf(1, '`linux` or `windows`.', ['linux', 'windows'], { enumIsForRules: true })),
}) {}

export class PodResourceClaim extends message('A device claim of the pod, by its own name or made from a template.', {
  name: required(string(1, 'A DNS label by which containers refer to it.', { format: 'dnsLabel' })),
  resourceClaimName: pointer(string(3, 'The claim that is used.')),
  resourceClaimTemplateName: pointer(string(4, 'The template that a claim is made from.')),
}) {}

export class TopologySpreadConstraint extends message('How evenly pods are spread over places.', {
  maxSkew: required(int32(1, 'By how many pods two places may differ.')),
  topologyKey: required(string(2, 'The node label whose value makes two nodes one place.', { minLength: 0 })),
  whenUnsatisfiable: required(
    oneOf(3, 'Whether the pod waits, or goes to the least uneven place.', ['DoNotSchedule', 'ScheduleAnyway'], {
      enumIsForRules: true,
    }),
  ),
  labelSelector: pointer(of(4, 'Which pods are counted.', LabelSelector)),
  minDomains: pointer(int32(5, 'How many places there have to be; fewer count as an empty one.')),
  nodeAffinityPolicy: pointer(
    oneOf(6, "Whether nodes that the pod's affinity excludes are counted.", ['Ignore', 'Honor']),
  ),
  nodeTaintsPolicy: pointer(
    oneOf(7, 'Whether nodes with taints that the pod does not bear are counted.', ['Ignore', 'Honor']),
  ),
  matchLabelKeys: list(8, 'Labels in which counted pods have to equal this one.', string(0, '')),
}) {}

export class PodSpec extends message(
  'What is to run, and where.',
  {
    volumes: listMap(1, 'Volumes that containers may mount.', ['name'], Volume, {
      patchMergeKey: 'name',
      patchStrategy: ['merge', 'retainKeys'],
    }),
    initContainers: listMap(
      20,
      'Containers that run before the others, one after another, each to its end.',
      ['name'],
      Container,
      { patchMergeKey: 'name' },
    ),
    containers: required(
      listMap(2, 'The containers of the pod; one at least.', ['name'], Container, { patchMergeKey: 'name' }),
    ),
    ephemeralContainers: listMap(34, 'Containers that were added to the running pod.', ['name'], EphemeralContainer, {
      patchMergeKey: 'name',
    }),
    restartPolicy: oneOf(3, 'Whether containers that end are started again.', ['Always', 'OnFailure', 'Never'], {
      enumAsListed: true,
    }),
    terminationGracePeriodSeconds: pointer(
      int64(4, 'The time to stop in before the processes are killed; 30 by default.'),
    ),
    activeDeadlineSeconds: pointer(int64(5, 'The time after its start at which the pod is failed.')),
    dnsPolicy: oneOf(
      6,
      "Where its resolver configuration comes from; the cluster's DNS by default.",
      ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
      { enumAsListed: true },
    ),
    nodeSelector: map(7, 'Labels that the node has to have.', string(0, ''), { atomic: true }),
    serviceAccountName: string(8, 'Whom it speaks to the API server as.', { format: 'dnsSubdomain' }),
    serviceAccount: string(9, 'The old name of `serviceAccountName`.'),
    automountServiceAccountToken: pointer(
      bool(21, 'Whether a token is mounted; the service account decides by default.'),
    ),
    nodeName: string(10, 'The node it runs on. Set by the scheduler; who sets it goes past the scheduler.', {
      format: 'dnsSubdomain',
    }),
    hostNetwork: bool(11, "Whether it shares the node's network."),
    hostPID: bool(12, "Whether it sees the node's processes."),
    hostIPC: bool(13, "Whether it shares the node's IPC namespace."),
    shareProcessNamespace: pointer(bool(27, "Whether its containers see one another's processes.")),
    securityContext: pointer(of(14, 'What the processes of all its containers may do.', PodSecurityContext)),
    imagePullSecrets: listMap(15, 'Secrets with registry credentials.', ['name'], LocalObjectReference, {
      patchMergeKey: 'name',
    }),
    hostname: string(16, "Its host name; the pod's name by default."),
    subdomain: string(17, 'The headless Service under which it has a DNS name.'),
    affinity: pointer(of(18, 'What draws it to nodes and other pods, and keeps it away.', Affinity)),
    schedulerName: string(19, 'The scheduler that places it; `default-scheduler` by default.'),
    tolerations: list(22, 'The taints that it bears.', Toleration),
    hostAliases: listMap(23, 'Further lines of its `/etc/hosts`.', ['ip'], HostAlias, { patchMergeKey: 'ip' }),
    priorityClassName: string(24, 'The class of its priority.', { format: 'dnsSubdomain' }),
    priority: pointer(
      int32(25, 'Its priority, taken from the class. Higher is scheduled first, and may push lower ones out.'),
    ),
    dnsConfig: pointer(of(26, 'What is added to its resolver configuration.', PodDNSConfig)),
    readinessGates: list(28, 'Conditions that have to be true before it is ready.', PodReadinessGate),
    runtimeClassName: pointer(string(29, 'The class of the container runtime.', { format: 'dnsSubdomain' })),
    enableServiceLinks: pointer(
      bool(30, 'Whether Services of the namespace become environment variables; true by default.'),
    ),
    preemptionPolicy: pointer(
      oneOf(31, 'Whether it may push pods of lower priority out.', ['PreemptLowerPriority', 'Never']),
    ),
    overhead: map(32, 'What the runtime needs besides its containers, taken from the runtime class.', quantity(0, '')),
    topologySpreadConstraints: listMap(
      33,
      'How evenly it and its like are spread.',
      ['topologyKey', 'whenUnsatisfiable'],
      TopologySpreadConstraint,
      { patchMergeKey: 'topologyKey' },
    ),
    setHostnameAsFQDN: pointer(bool(35, 'Whether its host name is the full domain name.')),
    os: pointer(of(36, 'The operating system it is made for.', PodOS)),
    hostUsers: pointer(bool(37, "Whether it shares the node's user namespace; true by default.")),
    schedulingGates: listMap(
      38,
      'What has to happen before it is scheduled. Gates can be removed, not added.',
      ['name'],
      PodSchedulingGate,
      { patchMergeKey: 'name' },
    ),
    resourceClaims: listMap(39, 'Device claims that its containers may use.', ['name'], PodResourceClaim, {
      patchMergeKey: 'name',
      patchStrategy: ['merge', 'retainKeys'],
    }),
    resources: pointer(
      of(40, 'What all its containers together may use, and what they are promised.', ResourceRequirements),
    ),
    hostnameOverride: pointer(string(41, 'Its host name, whatever else is said.')),
    schedulingGroup: pointer(of(43, 'The group it is scheduled with.', PodSchedulingGroup)),
  },
  {
    walk: [
      'volumes',
      'resourceClaims',
      'containers',
      'initContainers',
      'ephemeralContainers',
      'resources',
      'restartPolicy',
      'dnsPolicy',
      'nodeSelector',
      'securityContext',
      'imagePullSecrets',
      'affinity',
      'dnsConfig',
      'readinessGates',
      'schedulingGates',
      'topologySpreadConstraints',
      'serviceAccountName',
      'nodeName',
      'activeDeadlineSeconds',
      'hostname',
      'subdomain',
      'tolerations',
      'hostAliases',
      'priorityClassName',
      'runtimeClassName',
      'preemptionPolicy',
      'overhead',
      'os',
      'schedulingGroup',
    ],
  },
) {}
