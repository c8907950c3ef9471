import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods } from './core/v1/pods.ts';
import { podTemplates } from './core/v1/pod-templates.ts';
import { causes, defaulted } from './testing/submit.ts';

const container = { name: 'a', image: 'web' };
const first = 'spec.containers[0]';

function pod(spec: object, annotations: object = {}): object {
  return { metadata: { name: 'one', namespace: 'default', annotations }, spec: { containers: [container], ...spec } };
}

function withContainer(more: object, spec: object = {}): object {
  return pod({ containers: [{ ...container, ...more }], ...spec });
}

const windows = { windowsOptions: { hostProcess: true } };
const file = { volumeName: 'v', path: '../f', key: 'k' };
const appArmor = 'container.apparmor.security.beta.kubernetes.io/a';
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const term = { topologyKey: 'zone', labelSelector: {}, matchLabelKeys: ['x'], mismatchLabelKeys: ['x'] };

const cases: [what: string, pod: object, causes: string[]][] = [
  [
    'is of a system that is none',
    pod({ os: { name: 'plan9' } }),
    ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
  [
    'is of Windows, with what Linux has',
    withContainer(
      { securityContext: { privileged: true } },
      { os: { name: 'windows' }, hostPID: true, securityContext: { fsGroup: 1 }, resources: { limits: { cpu: '1' } } },
    ),
    [
      'spec.resources: Forbidden: may not be set for a windows pod',
      'spec.hostPID: Forbidden: cannot be set for a windows pod',
      'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
      `${first}.securityContext.privileged: Forbidden: cannot be set for a windows pod`,
    ],
  ],
  [
    'is of Linux, with what Windows has',
    withContainer({ securityContext: { windowsOptions: {} } }, { os: { name: 'linux' } }),
    [`${first}.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod`],
  ],
  [
    'is in part a process of the host',
    pod({
      containers: [
        { ...container, securityContext: windows },
        { ...container, name: 'b' },
      ],
    }),
    [
      'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
    ],
  ],
  [
    'runs as somebody of a strange domain',
    withContainer({ securityContext: { windowsOptions: { runAsUserName: 'a:b\\c@d' } } }),
    [
      `runAsUserName's Domain doesn't match the NetBios nor the DNS format`,
      `runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`,
    ].map((why) => `${first}.securityContext.windowsOptions.runAsUserName: Invalid value: "a:b\\\\c@d": ${why}`),
  ],
  [
    'as a whole has less than its containers',
    withContainer(
      { resources: { requests: { cpu: '2' }, limits: { cpu: '3' } } },
      { resources: { requests: { cpu: '1' }, limits: { cpu: '1' }, claims: [{ name: 'c' }] } },
    ),
    [
      'spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level',
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      'spec.resources.containers[0][cpu].limits: Invalid value: "3": must be less than or equal to pod limits of 1',
    ],
  ],
  [
    'uses a claim twice, and one that it has not',
    withContainer(
      { resources: { claims: [{ name: 'c' }, { name: 'c', request: 'r' }, { name: 'd' }] } },
      { resourceClaims: [{ name: 'c', resourceClaimName: 'C_' }] },
    ),
    [
      `spec.resourceClaims[0].resourceClaimName: Invalid value: "C_": ${subdomain()}`,
      `${first}.resources.claims[1]: Duplicate value: "c"`,
      `${first}.resources.claims[2]: Not found: "d": must be one of the names in pod.spec.resourceClaims: c`,
    ],
  ],
  [
    'reads a variable of a file above a volume that is none',
    withContainer({ env: [{ name: 'A', valueFrom: { fileKeyRef: file } }] }),
    [
      `${first}.env[0].valueFrom.fileKeyRef.path: Invalid value: "../f": must not contain '..'`,
      `${first}.env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"`,
    ],
  ],
  [
    'reads a variable of a file that nobody of it wrote',
    withContainer(
      { env: [{ name: 'A', valueFrom: { fileKeyRef: { ...file, path: 'f' } } }] },
      { volumes: [{ name: 'v', hostPath: { path: '/x' } }] },
    ),
    [`${first}.env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir`],
  ],
  [
    'is spread by a rule that is none, and labels itself for and against others',
    pod({
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'Never', matchLabelKeys: ['x'] },
      ],
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    }),
    [
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0]: Invalid value: "x": exists in both matchLabelKeys and mismatchLabelKeys',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
      'spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
    ],
  ],
  [
    'is confined otherwise in its annotations than in its fields',
    pod(
      {
        securityContext: {
          seccompProfile: { type: 'Unconfined' },
          appArmorProfile: { type: 'Localhost', localhostProfile: 'p' },
        },
      },
      { [seccomp]: 'localhost/x', [appArmor]: 'localhost/q' },
    ),
    [
      'spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match',
      `${first}.securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match`,
    ],
  ],
  [
    'has annotations that nobody can read',
    pod(
      {},
      {
        'kubernetes.io/config.mirror': 'm',
        'controller.kubernetes.io/pod-deletion-cost': '01',
        [seccomp]: 'x',
        [`${appArmor}b`]: 'y',
      },
    ),
    [
      'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "m": must set spec.nodeName if mirror pod annotation is set',
      'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "01": must be a 32bit integer',
      `metadata.annotations.${seccomp}: Invalid value: "x": must be a valid seccomp profile`,
      `metadata.annotations[${appArmor}b]: Invalid value: "ab": container not found`,
      `metadata.annotations[${appArmor}b]: Invalid value: "y": invalid AppArmor profile name: "y"`,
    ],
  ],
];

function subdomain(): string {
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
}

for (const [what, object, expected] of cases) {
  test(`a pod that ${what}`, () => assert.deepEqual(causes(pods, object).toSorted(), expected.toSorted()));
}

test('a template has the annotations of its pods', () => {
  const template = { metadata: { annotations: { [seccomp]: 'x' } }, spec: { containers: [container] } };
  assert.deepEqual(causes(podTemplates, { metadata: { name: 'one', namespace: 'default' }, template }), [
    `template.annotations.${seccomp}: Invalid value: "x": must be a valid seccomp profile`,
  ]);
});

test('what confined a pod when it was made, and whose shadow it is, it keeps', () => {
  const mirror = { 'kubernetes.io/config.mirror': 'm' };
  const old = pod({ nodeName: 'n' }, { [appArmor]: 'unconfined' });
  assert.deepEqual(causes(pods, pod({ nodeName: 'n' }, mirror), old), [
    `metadata.annotations[${appArmor}]: Forbidden: may not remove or update AppArmor annotations`,
    'metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation',
  ]);
});

test('what a pod as a whole leaves unsaid, its containers and its limits say', () => {
  const resources = { limits: { cpu: '1', 'hugepages-2Mi': '2Mi' }, requests: { cpu: '500m' } };
  const { spec } = defaulted(pods, withContainer({ resources }, { resources: { limits: { memory: '1Gi' } } }));
  assert.deepEqual(spec.resources, {
    limits: { memory: '1Gi', 'hugepages-2Mi': '2Mi' },
    requests: { memory: '1Gi', 'hugepages-2Mi': '2Mi', cpu: '500m' },
  });
});

test('a time to end that is none is the shortest', () => {
  assert.equal(defaulted(pods, pod({ terminationGracePeriodSeconds: -5 })).spec.terminationGracePeriodSeconds, 1);
});
