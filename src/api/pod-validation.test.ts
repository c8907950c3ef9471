import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods } from './core/v1/pods.ts';
import { causes } from './testing/submit.ts';

const container = { name: 'a', image: 'web' };

function pod(spec: object): object {
  return { metadata: { name: 'one', namespace: 'default' }, spec: { containers: [container], ...spec } };
}

function withContainer(more: object): object {
  return pod({ containers: [{ ...container, ...more }] });
}

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const at = 'spec.containers[0]';

const cases: [what: string, pod: object, causes: string[]][] = [
  ['is good', pod({}), []],
  ['has no containers', pod({ containers: [] }), ['spec.containers: Required value']],
  ['has no image', pod({ containers: [{ name: 'a' }] }), [`${at}.image: Required value`]],
  ['has a bad name', withContainer({ name: 'A_b' }), [`${at}.name: Invalid value: "A_b": ${label}`]],
  ['has a name twice', pod({ containers: [container, container] }), ['spec.containers[1].name: Duplicate value: "a"']],
  [
    'has a policy that is none',
    withContainer({ imagePullPolicy: 'Sometimes' }),
    [`${at}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`],
  ],
  [
    'has a port out of range',
    withContainer({ ports: [{ containerPort: 70000 }] }),
    [`${at}.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`],
  ],
  [
    'takes a port of the node twice',
    pod({
      containers: [
        { ...container, ports: [{ containerPort: 80, hostPort: 80 }] },
        { ...container, name: 'b', ports: [{ containerPort: 80, hostPort: 80 }] },
      ],
    }),
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'mounts what is not there',
    withContainer({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
    [`${at}.volumeMounts[0].name: Not found: "data"`],
  ],
  [
    'mounts twice at a place',
    pod({
      volumes: [{ name: 'v' }],
      containers: [
        {
          ...container,
          volumeMounts: [
            { name: 'v', mountPath: '/x' },
            { name: 'v', mountPath: '/x' },
          ],
        },
      ],
    }),
    [`${at}.volumeMounts[1].mountPath: Invalid value: "/x": must be unique`],
  ],
  [
    'has a volume of two kinds',
    pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
    ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'climbs out of a volume',
    pod({ volumes: [{ name: 'v', configMap: { name: 'c', items: [{ key: 'k', path: '../x' }] } }] }),
    [`spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain '..'`],
  ],
  [
    'shows a field that is none',
    withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } }] }),
    [
      `${at}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nothing": error converting fieldPath: field label not supported: spec.nothing`,
    ],
  ],
  [
    'has a variable of two values',
    withContainer({ env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }),
    [`${at}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`],
  ],
  [
    'requests more than its limit',
    withContainer({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
    [`${at}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`],
  ],
  [
    'asks for what is no resource',
    withContainer({ resources: { limits: { gpu: '1' } } }),
    ['limits', 'requests'].flatMap((side) => [
      `${at}.resources.${side}[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
      `${at}.resources.${side}[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
    ]),
  ],
  [
    'has a probe that looks nowhere',
    withContainer({ livenessProbe: { periodSeconds: 1 } }),
    [`${at}.livenessProbe: Required value: must specify a handler type`],
  ],
  [
    'counts successes of its liveness',
    withContainer({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
    [`${at}.livenessProbe.successThreshold: Invalid value: 2: must be 1`],
  ],
  [
    'probes while it prepares itself',
    pod({ initContainers: [{ name: 'i', image: 'x', livenessProbe: { tcpSocket: { port: 80 } } }] }),
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'is privileged and may not become so',
    withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    [
      `${at}.securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
    ],
  ],
  [
    'bears every taint by mistake',
    pod({ tolerations: [{ operator: 'Equal', value: 'x' }] }),
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
  ],
  [
    'asks nobody for names',
    pod({ dnsPolicy: 'None' }),
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'has two names',
    pod({ hostname: 'a_b', hostnameOverride: 'c', setHostnameAsFQDN: true }),
    [
      "spec.hostname: Invalid value: \"a_b\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      'spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true',
    ],
  ],
  [
    'has a name too long for a host',
    pod({ hostnameOverride: 'a'.repeat(65), hostNetwork: true }),
    [
      'spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true',
      'spec.hostnameOverride: Too long: may not be more than 64 bytes',
    ],
  ],
  [
    'is spread over nothing',
    pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] }),
    ['spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero'],
  ],
  [
    'needs nodes in a way that is none',
    pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] }],
          },
        },
      },
    }),
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
    ],
  ],
  [
    'brings its debugger along',
    pod({ ephemeralContainers: [{ name: 'd', image: 'x', targetContainerName: 'a' }] }),
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
];

for (const [what, object, expected] of cases) {
  test(`a pod that ${what}`, () => assert.deepEqual(causes(pods, object), expected));
}

const other =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';
const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute' };

const updates: [what: string, old: object, now: object, causes: string[]][] = [
  ['nothing', pod({}), pod({}), []],
  ['its image', pod({}), withContainer({ image: 'other:2', imagePullPolicy: 'Always' }), []],
  ['its deadline', pod({}), pod({ activeDeadlineSeconds: 10 }), []],
  ['its tolerations', pod({}), pod({ tolerations: [toleration] }), []],
  ['its command', pod({}), withContainer({ command: ['x'] }), [`${other}+ containers[0].command: ["x"]`]],
  [
    'the number of its containers',
    pod({}),
    pod({ containers: [container, { ...container, name: 'b' }] }),
    ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  ],
  [
    'its deadline to a later one',
    pod({ activeDeadlineSeconds: 10 }),
    pod({ activeDeadlineSeconds: 20 }),
    ['spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value'],
  ],
  [
    'a toleration that it has',
    pod({ tolerations: [toleration] }),
    pod({ tolerations: [{ ...toleration, key: 'b' }] }),
    ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
  ],
  [
    'its node selector before it is let go',
    pod({ schedulingGates: [{ name: 'g' }] }),
    pod({ schedulingGates: [{ name: 'g' }], nodeSelector: { zone: 'a' } }),
    [],
  ],
  [
    'its gates to more of them',
    pod({ schedulingGates: [{ name: 'g' }] }),
    pod({ schedulingGates: [{ name: 'g' }, { name: 'h' }] }),
    ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'"],
  ],
];

for (const [what, old, now, expected] of updates) {
  test(`a pod that changes ${what}`, () => assert.deepEqual(causes(pods, now, old), expected));
}
