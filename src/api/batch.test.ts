import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronJobs } from './batch/v1/cron-jobs.ts';
import { jobs } from './batch/v1/jobs.ts';
import { causes, defaulted, row, statusCauses } from './testing/submit.ts';

const uid = 'a-b-c';
const labels = {
  'controller-uid': uid,
  'job-name': 'one',
  'batch.kubernetes.io/controller-uid': uid,
  'batch.kubernetes.io/job-name': 'one',
};
const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
const metadata = { name: 'one', namespace: 'default', uid, creationTimestamp: '2026-01-01T00:00:00Z' };
const nowMs = Date.parse('2026-01-01T00:10:00Z');
const pod = (spec: object = {}): object => ({
  metadata: { labels },
  spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x' }], ...spec },
});
/** As the server has it when the selector was made. */
const job = (spec: object = {}, status: object = {}): object => ({
  metadata,
  spec: { selector, template: pod(), ...spec },
  status,
});

test('a job of few words runs one pod, some times', () => {
  const { metadata: meta, spec } = defaulted(jobs, { metadata: {}, spec: { template: pod() } });
  assert.deepEqual(meta.labels, labels);
  const { completions, parallelism, backoffLimit, completionMode, suspend, podReplacementPolicy, manualSelector } =
    spec;
  assert.deepEqual([completions, parallelism, backoffLimit, completionMode], [1, 1, 6, 'NonIndexed']);
  assert.deepEqual([suspend, podReplacementPolicy, manualSelector], [false, 'TerminatingOrFailed', false]);
  assert.equal(defaulted(jobs, job({ parallelism: 3 })).spec.completions, undefined);
  assert.equal(defaulted(jobs, job({ backoffLimitPerIndex: 1 })).spec.backoffLimit, 2147483647);
  const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }];
  const careful = defaulted(jobs, job({ podFailurePolicy: { rules } })).spec;
  assert.equal(careful.podReplacementPolicy, 'Failed');
  assert.equal(careful.podFailurePolicy?.rules[0]?.onPodConditions?.[0]?.status, 'True');
});

const indexed = { completionMode: 'Indexed', completions: 10, parallelism: 10 };
const failurePolicy = (...rules: object[]): object => ({ podFailurePolicy: { rules } });
const rule = 'spec.podFailurePolicy.rules[0]';
const exitCodes = (more: object): object => ({
  action: 'Count',
  onExitCodes: { operator: 'In', values: [1], ...more },
});

const jobCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', {}, []],
  ['is indexed', { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 3 }, []],
  [
    'never ends',
    { template: pod({ restartPolicy: 'Always' }) },
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    'restarts what it judges',
    { template: pod({ restartPolicy: 'OnFailure' }), ...failurePolicy(exitCodes({})) },
    [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
  ],
  [
    'has indexes in another way',
    { completionMode: 'Random' },
    ['spec.completionMode: Unsupported value: "Random": supported values: "NonIndexed", "Indexed"'],
  ],
  [
    'gives up indexes that it has not',
    { maxFailedIndexes: 1 },
    [
      'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
      'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
    ],
  ],
  [
    'has no end of indexes',
    { completionMode: 'Indexed', parallelism: 100_001, completions: undefined },
    [
      'spec.completions: Required value: when completion mode is Indexed',
      'spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed',
    ],
  ],
  [
    'has very many indexes',
    { ...indexed, completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 },
    [
      'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
      'spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
    ],
  ],
  [
    'is looked after by nobody in particular',
    { managedBy: 'me' },
    ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  ['is looked after by somebody', { managedBy: 'acme.io/foo' }, []],
  [
    'replaces pods before it can judge them',
    { ...failurePolicy(exitCodes({})), podReplacementPolicy: 'TerminatingOrFailed' },
    ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
  ],
  [
    'judges by nothing',
    failurePolicy({ action: 'FailJob' }),
    [`${rule}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`],
  ],
  [
    'judges by too much',
    failurePolicy({ ...exitCodes({}), onPodConditions: [{ type: 'Ready' }] }),
    [`${rule}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`],
  ],
  [
    'judges without a verdict',
    failurePolicy({ ...exitCodes({ operator: 'Like', containerName: 'b' }), action: '' }),
    [
      `${rule}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`,
      `${rule}.onExitCodes.operator: Unsupported value: "Like": supported values: "In", "NotIn"`,
      `${rule}.onExitCodes.containerName: Invalid value: "b": must be one of the container or initContainer names in the pod template`,
    ],
  ],
  [
    'judges by codes in disorder',
    failurePolicy({ ...exitCodes({ values: [3, 0, 3] }), action: 'FailIndex' }),
    [
      `${rule}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`,
      `${rule}.onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator`,
      `${rule}.onExitCodes.values[2]: Duplicate value: 3`,
      `${rule}.onExitCodes.values: Invalid value: [3,0,3]: must be ordered`,
    ],
  ],
  [
    'judges by a condition of no status',
    failurePolicy({ action: 'Ignore', onPodConditions: [{ type: 'a b', status: 'Maybe' }] }),
    [
      `${rule}.onPodConditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `${rule}.onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"`,
    ],
  ],
  [
    'succeeds early without indexes',
    { successPolicy: { rules: [{ succeededCount: 1 }] } },
    ['spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: requires indexed completion mode'],
  ],
  ['succeeds early', { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0,2-4', succeededCount: 2 }] } }, []],
  [
    'succeeds early in no way',
    { ...indexed, successPolicy: { rules: [{}, { succeededIndexes: '1-3', succeededCount: 11 }] } },
    [
      'spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified',
      'spec.successPolicy.rules[1].succeededCount: Invalid value: 11: must be less than or equal to 10 (the number of specified completions)',
      'spec.successPolicy.rules[1].succeededCount: Invalid value: 11: must be less than or equal to 3 (the number of indexes in the specified succeededIndexes field)',
    ],
  ],
  [
    'has no selector',
    { selector: undefined },
    [
      'spec.selector: Required value',
      `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    ],
  ],
];

for (const [what, spec, expected] of jobCases) {
  test(`a job that ${what}`, () => assert.deepEqual(causes(jobs, job(spec)), expected));
}

const indexTexts: [text: string, why: string | undefined][] = [
  ['', undefined],
  ['0,2-4,9', undefined],
  [
    '1-2-3',
    `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
  ],
  ['a', 'cannot convert string to integer for index: "a"'],
  ['10', 'too large index: "10"'],
  ['3-1', 'non-increasing order, previous: 3, current: 1'],
  ['3,3', 'non-increasing order, previous: 3, current: 3'],
];

for (const [text, why] of indexTexts) {
  test(`the indexes ${JSON.stringify(text)}`, () => {
    const told = causes(jobs, job({ ...indexed, successPolicy: { rules: [{ succeededIndexes: text }] } }));
    const at = 'spec.successPolicy.rules[0].succeededIndexes';
    const expected = `${at}: Invalid value: ${JSON.stringify(text)}: error parsing succeededIndexes: ${why}`;
    assert.deepEqual(told, why === undefined ? [] : [expected]);
  });
}

test('a job finds its own pods, unless somebody chose the selector', () => {
  const stolen = { metadata: { labels: { ...labels, 'job-name': 'two' } }, spec: { restartPolicy: 'Never' } };
  const { template } = { template: { ...pod(), metadata: stolen.metadata } };
  assert.deepEqual(causes(jobs, job({ template })), [
    `spec.template.metadata.labels[job-name]: Invalid value: ${JSON.stringify(stolen.metadata.labels)}: must be 'one'`,
  ]);
  const chosen = { manualSelector: true, selector: { matchLabels: { app: 'x' } } };
  assert.deepEqual(causes(jobs, job({ ...chosen, template: { ...pod(), metadata: { labels: { app: 'x' } } } })), []);
  assert.deepEqual(causes(jobs, job({ ...chosen, manualSelector: false })), [
    'spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: `selector` not auto-generated',
    `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
  ]);
});

test('the pods of an indexed job have names that hosts can have', () => {
  const name = 'a'.repeat(62);
  const long = { ...job({ ...indexed, manualSelector: true }), metadata: { ...metadata, name } };
  assert.deepEqual(causes(jobs, long), [
    `metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-9`,
  ]);
});

test('a job stays as it was made, but for how fast it goes', () => {
  const faster = { parallelism: 5, suspend: true, activeDeadlineSeconds: 10, ttlSecondsAfterFinished: 1 };
  assert.deepEqual(causes(jobs, job({ completions: 3, ...faster }), job({ completions: 3 })), []);
  const other = { completions: 2, backoffLimitPerIndex: 1, completionMode: 'Indexed' };
  assert.deepEqual(causes(jobs, job(other), job({ completions: 1 })).slice(-3), [
    'spec.completions: Invalid value: 2: can only be modified in tandem with spec.parallelism',
    'spec.completionMode: Invalid value: "Indexed": field is immutable',
    'spec.backoffLimitPerIndex: Invalid value: 1: field is immutable',
  ]);
  assert.deepEqual(causes(jobs, job({ ...indexed, completions: 4, parallelism: 4 }), job(indexed)), []);
  const image = pod({ containers: [{ name: 'a', image: 'y' }] });
  assert.match(causes(jobs, job({ template: image }), job())[0] ?? '', /^spec\.template: .*: field is immutable$/);
});

test('where the pods of a suspended job go is still open', () => {
  const directed = pod({
    nodeSelector: { zone: 'a' },
    tolerations: [{ key: 'a', operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    schedulingGates: [{ name: 'wait' }],
    containers: [{ name: 'a', image: 'x', resources: { requests: { cpu: '2' } } }],
  });
  const conditions = [{ type: 'Suspended', status: 'True' }];
  const suspended = (status: object): object => job({ suspend: true }, status);
  assert.deepEqual(causes(jobs, job({ suspend: true, template: directed }), suspended({ conditions })), []);
  const busy = causes(jobs, job({ suspend: true, template: directed }), suspended({ conditions, active: 1 }));
  assert.match(busy[0] ?? '', /^spec\.template: .*: field is immutable$/);
  const other = causes(jobs, job({ suspend: true, template: pod({ hostNetwork: true }) }), suspended({ conditions }));
  assert.match(other[0] ?? '', /^spec\.template\.spec: .*: field is immutable$/);
});

const startTime = '2026-01-01T00:00:00Z';
const completionTime = '2026-01-01T00:05:00Z';
const conditions = (...types: string[]): object[] => types.map((type) => ({ type, status: 'True' }));
const done = { conditions: conditions('SuccessCriteriaMet', 'Complete'), startTime, completionTime, succeeded: 1 };

const statusCases: [what: string, now: object, old: object, causes: string[]][] = [
  ['is done', done, {}, []],
  ['has failed', { conditions: conditions('FailureTarget', 'Failed'), startTime, failed: 1 }, { startTime }, []],
  [
    'is done out of nowhere',
    { conditions: conditions('Complete'), active: 1 },
    {},
    [
      'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
      'status.completionTime: Required value: completionTime is required for Complete jobs',
      'status.active: Invalid value: 1: active>0 is invalid for finished job',
      'status.startTime: Required value: startTime is required for finished job',
    ],
  ],
  [
    'goes both ways',
    { ...done, conditions: conditions('SuccessCriteriaMet', 'FailureTarget', 'Complete', 'Failed') },
    {},
    [
      'status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions',
      'status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions',
      'status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions',
      'status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
    ],
  ],
  [
    'comes back to life',
    { startTime, succeeded: 0 },
    done,
    [
      'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
      'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
      'status.succeeded: Invalid value: 0: cannot decrease the succeeded counter',
    ],
  ],
  [
    'was done before it began',
    { ...done, completionTime: '2025-12-31T00:00:00Z' },
    { startTime },
    ['status.completionTime: Invalid value: "2025-12-31T00:00:00Z": must be equal to or after `startTime`'],
  ],
  [
    'began twice',
    { startTime: completionTime },
    { startTime },
    [`status.startTime: Invalid value: "${completionTime}": field is immutable for unsuspended job once set`],
  ],
  [
    'counts pods twice',
    { active: 1, ready: 2, uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['a'] } },
    {},
    [
      'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
      'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
      'status.ready: Invalid value: 2: cannot set more ready pods than active',
    ],
  ],
  [
    'has indexes, and is not indexed',
    { completedIndexes: '0', failedIndexes: '0' },
    {},
    [
      'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
      'status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      'status.failedIndexes: Invalid value: "0": failedIndexes and completedIndexes overlap at index: 0',
    ],
  ],
  // What was let in before does not stand in the way.
  [
    'is what it was',
    { completedIndexes: '9', active: 1, ready: 2 },
    { completedIndexes: '9', active: 1, ready: 2 },
    [],
  ],
];

for (const [what, now, old, expected] of statusCases) {
  test(`a job whose state ${what}`, () => assert.deepEqual(statusCauses(jobs, job({}, now), job({}, old)), expected));
}

test('a job that was suspended begins again', () => {
  const status = (at: string, suspended: string): object => ({
    startTime: at,
    conditions: [{ type: 'Suspended', status: suspended }],
  });
  const [now, old] = [job({}, status(completionTime, 'False')), job({}, status(startTime, 'True'))];
  assert.deepEqual(statusCauses(jobs, now, old), []);
});

const cronJob = (spec: object = {}, more: object = {}): object => ({
  metadata: { ...metadata, ...more },
  spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: pod() } }, ...spec },
});

test('a cron job of few words keeps some of its runs', () => {
  const { spec } = defaulted(cronJobs, cronJob());
  const { concurrencyPolicy, suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit, jobTemplate } = spec;
  assert.deepEqual(
    [concurrencyPolicy, suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit],
    ['Allow', false, 3, 1],
  );
  // The rest is said by the jobs that are made of it.
  assert.equal(jobTemplate.spec.completions, undefined);
  assert.equal(jobTemplate.spec.template.spec.dnsPolicy, 'ClusterFirst');
});

const cronJobCases: [what: string, spec: object, causes: string[]][] = [
  ['is good', { timeZone: 'Europe/Berlin' }, []],
  ['has no schedule', { schedule: '' }, ['spec.schedule: Required value']],
  [
    'has a schedule that is none',
    { schedule: '* * * *' },
    ['spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
  ],
  [
    'names its time zone in the old way',
    { schedule: 'TZ=UTC 0 * * * *' },
    [
      'spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ],
  [
    'has an empty time zone',
    { timeZone: '' },
    ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
  ],
  [
    'lies nowhere',
    { timeZone: 'Mars/Olympus' },
    ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
  ],
  [
    'lies in a time zone in small letters',
    { timeZone: 'europe/berlin' },
    ['spec.timeZone: Invalid value: "europe/berlin": unknown time zone europe/berlin'],
  ],
  [
    'leaves the tree of time zones',
    { timeZone: '../etc' },
    ['spec.timeZone: Invalid value: "../etc": unknown time zone ../etc'],
  ],
  [
    'lies where the server is',
    { timeZone: 'Local' },
    [
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ],
  ],
  [
    'selects pods',
    { jobTemplate: { spec: { template: pod(), selector, manualSelector: true } } },
    [
      `spec.jobTemplate.spec.selector: Invalid value: ${JSON.stringify(selector)}: \`selector\` will be auto-generated`,
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ],
  ],
  [
    'has pods that never end',
    { jobTemplate: { spec: { template: pod({ restartPolicy: undefined }) } }, concurrencyPolicy: 'Some' },
    [
      'spec.concurrencyPolicy: Unsupported value: "Some": supported values: "Allow", "Forbid", "Replace"',
      'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
];

for (const [what, spec, expected] of cronJobCases) {
  test(`a cron job that ${what}`, () => assert.deepEqual(causes(cronJobs, cronJob(spec)), expected));
}

test('a cron job leaves room for the time in the names of its jobs', () => {
  const name = 'a'.repeat(53);
  const told = [`metadata.name: Invalid value: "${name}": must be no more than 52 characters`];
  assert.deepEqual(causes(cronJobs, cronJob({}, { name })), told);
  assert.deepEqual(causes(cronJobs, cronJob({}, { name }), cronJob({}, { name })), []);
});

test('who named the time zone in the old way may go on', () => {
  const old = cronJob({ schedule: 'TZ=UTC 0 * * * *' });
  assert.deepEqual(causes(cronJobs, cronJob({ schedule: 'CRON_TZ=UTC 5 * * * *' }), old), []);
  assert.deepEqual(causes(cronJobs, cronJob({ schedule: 'TZ=UTC 5 * * * *', timeZone: 'UTC' }), old), [
    'spec.schedule: Invalid value: "TZ=UTC 5 * * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
  ]);
});

test('the columns of jobs and cron jobs', () => {
  const running = job({ completions: 3 }, { startTime: '2026-01-01T00:08:00Z', succeeded: 1 });
  assert.deepEqual(row(jobs, running, { nowMs, wide: true }), {
    Name: 'one',
    Status: 'Running',
    Completions: '1/3',
    Duration: '2m',
    Age: '10m',
    Containers: 'a',
    Images: 'x',
    Selector: `batch.kubernetes.io/controller-uid=${uid}`,
  });
  const shown = (spec: object, status: object): unknown[] => {
    const { Status, Completions, Duration } = row(jobs, job(spec, status), { nowMs });
    return [Status, Completions, Duration];
  };
  assert.deepEqual(shown({ completions: 1 }, done), ['Complete', '1/1', '5m']);
  assert.deepEqual(shown({ parallelism: 4 }, { conditions: conditions('Suspended') }), ['Suspended', '0/1 of 4', '']);
  const nightly = {
    ...cronJob({ suspend: true, timeZone: 'UTC' }),
    status: { active: [{ name: 'a' }], lastScheduleTime: '2026-01-01T00:05:00Z' },
  };
  assert.deepEqual(row(cronJobs, nightly, { nowMs, wide: true }), {
    Name: 'one',
    Schedule: '*/5 * * * *',
    Timezone: 'UTC',
    Suspend: 'True',
    Active: 1,
    'Last Schedule': '5m',
    Age: '10m',
    Containers: 'a',
    Images: 'x',
    Selector: '<none>',
  });
});
