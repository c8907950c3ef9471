import {
  bool,
  int32,
  int64,
  list,
  message,
  of,
  oneOf,
  pointer,
  present,
  required,
  set,
  string,
  time,
} from '#machinery';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { PodFailurePolicy } from './pod-failure-policy.ts';

export class SuccessPolicyRule extends message('What is enough for a Job to have succeeded; all that is said.', {
  succeededIndexes: pointer(string(1, 'The indexes that have to have succeeded, such as `1,3-5`.')),
  succeededCount: pointer(int32(2, 'How many of them have to; all by default.')),
}) {}

export class SuccessPolicy extends message('When a Job has succeeded before all of its indexes have.', {
  rules: required(list(1, 'Each is enough by itself.', SuccessPolicyRule)),
}) {}

export class JobSpec extends message(
  'What is to be done, how often, and when to give up.',
  {
    parallelism: pointer(int32(1, 'How many pods may run at the same time.', { minimum: 0 })),
    completions: pointer(int32(2, 'How many pods have to succeed. Without it, one is enough.', { minimum: 0 })),
    activeDeadlineSeconds: pointer(int64(3, 'After how long everything is stopped.', { minimum: 0 })),
    podFailurePolicy: pointer(of(11, 'What a failed pod means; each counts by default.', PodFailurePolicy)),
    successPolicy: pointer(of(16, 'When not all indexes have to succeed.', SuccessPolicy)),
    backoffLimit: pointer(int32(7, 'After how many failures it is given up; 6 by default.', { minimum: 0 })),
    backoffLimitPerIndex: pointer(int32(12, 'After how many failures one index is given up.', { minimum: 0 })),
    maxFailedIndexes: pointer(int32(13, 'After how many indexes that were given up everything is.', { minimum: 0 })),
    selector: pointer(
      of(4, 'The labels of the pods it counts. It is made, unless `manualSelector` says so.', LabelSelector),
    ),
    manualSelector: pointer(bool(5, 'Whether `selector` is chosen by hand.')),
    template: required(of(6, 'The pod that does it.', PodTemplateSpec)),
    ttlSecondsAfterFinished: pointer(
      int32(8, 'How long after its end it is deleted; never by default.', { minimum: 0 }),
    ),
    completionMode: pointer(
      oneOf(9, 'Whether each pod has an index of its own.', ['NonIndexed', 'Indexed'], { enumIsForRules: true }),
    ),
    suspend: pointer(bool(10, 'Whether no pods run for now.')),
    podReplacementPolicy: pointer(
      oneOf(
        14,
        'Whether a pod is replaced when it begins to end, or when it has ended.',
        ['Failed', 'TerminatingOrFailed'],
        {
          enumIsForRules: true,
        },
      ),
    ),
    managedBy: pointer(string(15, 'Which controller looks after it; Kubernetes itself by default.')),
  },
  {
    walk: [
      'parallelism',
      'completions',
      'activeDeadlineSeconds',
      'backoffLimit',
      'ttlSecondsAfterFinished',
      'backoffLimitPerIndex',
      'maxFailedIndexes',
      'managedBy',
      'completionMode',
      'podFailurePolicy',
      'successPolicy',
      'podReplacementPolicy',
      'template',
      'selector',
    ],
  },
) {}

export class JobCondition extends message('One aspect of how a Job does.', {
  type: required(string(1, 'Which aspect: `Complete`, `Failed`, `Suspended` and so on.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastProbeTime: time(3, 'When this was last looked at.'),
  lastTransitionTime: time(4, 'Since when it is so.'),
  reason: string(5, 'Why, in one word.'),
  message: string(6, 'Why, in a sentence.'),
}) {}

export class UncountedTerminatedPods extends message('Pods that have ended and are not in the counts yet.', {
  succeeded: set(1, 'The identities of those that succeeded.', string(0, '')),
  failed: set(2, 'The identities of those that failed.', string(0, '')),
}) {}

export class JobStatus extends message('How far a Job is.', {
  conditions: list(1, 'How it does, aspect by aspect.', JobCondition, {
    patchStrategy: ['merge'],
    patchMergeKey: 'type',
  }),
  startTime: pointer(time(2, 'When it was begun, or begun again after it was suspended.')),
  completionTime: pointer(time(3, 'When it had succeeded.')),
  active: int32(4, 'Pods that are pending or running, and do not end.'),
  succeeded: int32(5, 'Pods that have succeeded.'),
  failed: int32(6, 'Pods that have failed.'),
  terminating: pointer(int32(11, 'Pods that are ending.')),
  completedIndexes: string(7, 'The indexes that have succeeded, such as `1,3-5`.'),
  failedIndexes: pointer(string(10, 'The indexes that were given up, such as `1,3-5`.')),
  uncountedTerminatedPods: pointer(of(8, 'Pods that are not in the counts yet.', UncountedTerminatedPods)),
  ready: pointer(int32(9, 'Active pods that are ready.')),
}) {}

export class Job extends message('Runs pods until enough of them have succeeded.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', JobSpec)),
  status: present(of(3, 'What is.', JobStatus)),
}) {}
