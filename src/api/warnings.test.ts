import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemonSets } from './apps/v1/daemon-sets.ts';
import { deployments } from './apps/v1/deployments.ts';
import { statefulSets } from './apps/v1/stateful-sets.ts';
import { cronJobs } from './batch/v1/cron-jobs.ts';
import { jobs } from './batch/v1/jobs.ts';
import { services } from './core/v1/services.ts';
import { pods } from './core/v1/pods.ts';
import { podTemplates } from './core/v1/pod-templates.ts';
import { warningsOf } from './testing/submit.ts';

const container = { name: 'a', image: 'x' };
const pod = (spec: object = {}, metadata: object = {}): object => ({
  metadata: { name: 'one', ...metadata },
  spec: { containers: [container], ...spec },
});
const withContainer = (more: object): object => pod({ containers: [{ ...container, ...more }] });
const withVolume = (source: object): object => pod({ volumes: [{ name: 'v', ...source }] });
const withAnnotation = (key: string, value = ''): object => pod({}, { annotations: { [key]: value } });
const [first, noPods] = ['spec.containers[0]', 'a null labelSelector results in matching no pod'];
const podAffinityTerm = { topologyKey: 'zone' };

const podCases: [what: string, object: object, warnings: string[]][] = [
  ['is good', pod(), []],
  [
    'has a name that is none of a host',
    pod({}, { name: 'a.b' }),
    [
      `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]`,
    ],
  ],
  [
    'selects nodes by old labels',
    pod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux', 'node-role.kubernetes.io/master': '' } }),
    [
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.nodeSelector[node-role.kubernetes.io/master]: use "node-role.kubernetes.io/control-plane" instead',
    ],
  ],
  [
    'prefers nodes that cannot be',
    pod({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 1,
              preference: { matchExpressions: [{ key: 'beta.kubernetes.io/arch', operator: 'In', values: ['-'] }] },
            },
          ],
        },
      },
    }),
    [
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
      `spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: - is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ],
  [
    'is spread among no pods, and near none',
    pod({
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [podAffinityTerm] },
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] },
      },
    }),
    [
      `spec.topologySpreadConstraints[0].labelSelector: ${noPods}`,
      `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: ${noPods}`,
      `spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: ${noPods}`,
    ],
  ],
  [
    'has an old annotation',
    withAnnotation('scheduler.alpha.kubernetes.io/critical-pod'),
    [
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
    ],
  ],
  [
    'is confined in an old way',
    withAnnotation('container.seccomp.security.alpha.kubernetes.io/a', 'runtime/default'),
    [
      'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/a]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
  ],
  // Of pods, the server heeds it.
  ['is confined by AppArmor', withAnnotation('container.apparmor.security.beta.kubernetes.io/a', 'unconfined'), []],
  [
    'clones a repository',
    withVolume({ gitRepo: { repository: 'r' } }),
    ['spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+'],
  ],
  [
    'uses storage of old times',
    withVolume({ rbd: { monitors: ['m'], image: 'i' } }),
    ['spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+'],
  ],
  [
    'asks for half a byte',
    withVolume({
      ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '1500m' } } } } },
    }),
    [
      'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ],
  ],
  [
    'puts a file upon a file',
    withVolume({
      configMap: {
        name: 'c',
        items: [
          { key: 'a', path: 'x/' },
          { key: 'b', path: 'x/y' },
          { key: 'c', path: 'xy' },
        ],
      },
    }),
    ['volume "v" (ConfigMap "c"): overlapping paths: "x/y" with "x"'],
  ],
  [
    'puts a token upon a secret',
    withVolume({
      projected: {
        sources: [
          { secret: { name: 's', items: [{ key: 'a', path: 'token' }] } },
          { serviceAccountToken: { path: 'token' } },
          {},
        ],
      },
    }),
    [
      'volume "v" (Projected) has no sources provided',
      'volume "v" (Projected): overlapping paths: "token" (ServiceAccountToken) with "token" (Secret "s")',
    ],
  ],
  [
    'says things twice',
    pod({
      hostAliases: [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }],
      imagePullSecrets: [{ name: 'a' }, { name: 'a' }, { name: '' }],
    }),
    [
      'spec.hostAliases[1].ip: duplicate ip "10.0.0.1"',
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    'uses half a byte',
    withContainer({ resources: { limits: { memory: '100m' } } }),
    [
      `${first}.resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer`,
      `${first}.resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer`,
    ],
  ],
  [
    'sets a variable twice',
    withContainer({
      env: [
        { name: 'A', value: 'x' },
        { name: 'A', value: '$(A)y' },
        { name: 'A', value: '$(A)' },
        { name: 'A', value: 'z' },
      ],
    }),
    [
      `${first}.env[2]: hides previous definition of "A", which may be dropped when using apply`,
      `${first}.env[3]: hides previous definition of "A", which may be dropped when using apply`,
    ],
  ],
  [
    'opens ports that are in each other’s way',
    withContainer({
      ports: [
        { name: 'http', containerPort: 80 },
        { containerPort: 80 },
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 80, hostPort: 8080, hostIP: '10.0.0.1' },
        { containerPort: 80, protocol: 'UDP', hostIP: '10.0.0.1' },
      ],
    }),
    [
      `${first}.ports[1]: duplicate port definition with ${first}.ports[0]`,
      `${first}.ports[2]: overlapping port definition with ${first}.ports[0]`,
      `${first}.ports[2]: overlapping port definition with ${first}.ports[1]`,
      `${first}.ports[3]: overlapping port definition with ${first}.ports[0]`,
      `${first}.ports[3]: overlapping port definition with ${first}.ports[1]`,
      `${first}.ports[3]: dangerously ambiguous port definition with ${first}.ports[2]`,
      `${first}.ports[4]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:UDP HostIP:10.0.0.1}`,
    ],
  ],
  [
    'calls two ports the same',
    pod({
      initContainers: [{ name: 'i', image: 'x', ports: [{ name: 'http', containerPort: 81 }] }],
      containers: [{ ...container, ports: [{ name: 'http', containerPort: 80 }] }],
    }),
    [
      `${first}.ports[0]: duplicate port name "http" with spec.initContainers[0].ports[0], services and probes that select ports by name will use spec.initContainers[0].ports[0]`,
    ],
  ],
  [
    'writes addresses at length',
    pod({ dnsConfig: { nameservers: ['FD00:0::1', 'fd00::1', '10.0.0.1'] } }),
    ['spec.dnsConfig.nameservers[0]: IPv6 address "FD00:0::1" should be in RFC 5952 canonical format ("fd00::1")'],
  ],
];

for (const [what, object, expected] of podCases) {
  test(`of a pod that ${what}`, () => assert.deepEqual(warningsOf(pods, object), expected));
}

test('of a pod that changes nothing is told', () => {
  const odd = pod({ dnsConfig: { nameservers: ['FD00:0::1'] } });
  assert.deepEqual(warningsOf(pods, odd, odd), []);
});

const template = { spec: { containers: [container], nodeSelector: { 'beta.kubernetes.io/os': 'linux' } } };
const old = 'deprecated since v1.14; use "kubernetes.io/os" instead';
const workload = (generation: number, name = 'web'): object => ({ metadata: { name, generation }, spec: { template } });

test('a template whose pods end before their end', () => {
  const odd = { template: { spec: { containers: [container], terminationGracePeriodSeconds: -1 } } };
  assert.deepEqual(warningsOf(podTemplates, { metadata: { name: 'a' }, ...odd }), [
    'template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
  ]);
});

test('of a template is told when it is new, and when the wish changes', () => {
  const told = `spec.template.spec.nodeSelector[beta.kubernetes.io/os]: ${old}`;
  const name =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]';
  assert.deepEqual(warningsOf(deployments, workload(1, 'a.b')), [name, told]);
  assert.deepEqual(warningsOf(deployments, workload(2, 'a.b'), workload(1, 'a.b')), [told]);
  assert.deepEqual(warningsOf(deployments, workload(1), workload(1)), []);
  assert.deepEqual(warningsOf(daemonSets, workload(1)), [told]);
  assert.deepEqual(warningsOf(daemonSets, workload(2), workload(1)), []);
  const plain = { metadata: { name: 'web' }, template };
  assert.deepEqual(warningsOf(podTemplates, plain), [`template.spec.nodeSelector[beta.kubernetes.io/os]: ${old}`]);
});

test('an annotation of AppArmor is deprecated in templates, unless the pod says the same', () => {
  const key = 'container.apparmor.security.beta.kubernetes.io/a';
  const deployment = (appArmorProfile?: object): object => ({
    metadata: { name: 'web' },
    spec: {
      template: {
        metadata: { annotations: { [key]: 'localhost/p' } },
        spec: { containers: [container], ...(appArmorProfile && { securityContext: { appArmorProfile } }) },
      },
    },
  });
  const told = `spec.template.metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`;
  assert.deepEqual(warningsOf(deployments, deployment()), [told]);
  assert.deepEqual(warningsOf(deployments, deployment({ type: 'Localhost', localhostProfile: 'p' })), []);
});

test('a stateful set keeps a history', () => {
  const claim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '0.5' } } } };
  const statefulSet = {
    metadata: { name: 'web', generation: 1 },
    spec: { template: { spec: { containers: [container] } }, revisionHistoryLimit: -1, volumeClaimTemplates: [claim] },
  };
  const history =
    'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';
  const fraction = 'resources.requests[storage]: fractional byte value "500m" is invalid, must be an integer';
  assert.deepEqual(warningsOf(statefulSets, statefulSet), [`spec.volumeClaimTemplates[0].${fraction}`, history]);
  assert.deepEqual(warningsOf(statefulSets, statefulSet, statefulSet), [
    `spec.volumeClaimTemplates[0].Spec.${fraction}`,
    history,
  ]);
});

test('jobs and cron jobs', () => {
  const spec = {
    completionMode: 'Indexed',
    completions: 100_001,
    parallelism: 10_001,
    template: { spec: { containers: [container] } },
  };
  const many =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  assert.deepEqual(warningsOf(jobs, { metadata: { name: 'one' }, spec }), [`spec: ${many}`]);
  const cronJob = { metadata: { name: 'one' }, spec: { schedule: 'TZ=UTC 0 0 * * *', jobTemplate: { spec } } };
  assert.deepEqual(warningsOf(cronJobs, cronJob), [`spec.jobTemplate.spec: ${many}`]);
  assert.deepEqual(warningsOf(cronJobs, cronJob, cronJob), [
    'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
  ]);
});

const serviceCases: [what: string, spec: object, warnings: string[]][] = [
  ['is good', { ports: [{ port: 80 }] }, []],
  [
    'is headless and reached from outside',
    { clusterIP: 'None', externalIPs: ['10.0.0.1'], sessionAffinity: 'ClientIP' },
    ['spec.externalIPs is ignored for headless services', 'spec.SessionAffinity is ignored for headless services'],
  ],
  [
    'is reached from outside, at length',
    { externalIPs: ['fd00:0::1'], loadBalancerSourceRanges: ['FD00::/8'] },
    [
      'spec.externalIPs[0]: IPv6 address "fd00:0::1" should be in RFC 5952 canonical format ("fd00::1")',
      'spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ],
  ],
  [
    'has a name that leads nowhere, and stays close',
    { externalName: 'example.org', trafficDistribution: 'PreferClose' },
    [
      'spec.externalName is ignored when spec.type is not "ExternalName"',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ],
];

for (const [what, spec, expected] of serviceCases) {
  test(`of a service that ${what}`, () => assert.deepEqual(warningsOf(services, { metadata: {}, spec }), expected));
}
