import { int32, int64, intOrString, listMap, message, of, oneOf, pointer, present, required } from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class RollingUpdateDaemonSet extends message('How fast the pods of a DaemonSet are replaced.', {
  maxUnavailable: pointer(
    intOrString(1, 'On how many nodes the pod may be missing meanwhile, as a number or share; 1 by default.'),
  ),
  maxSurge: pointer(
    intOrString(2, 'On how many nodes a new pod may run beside the old one, as a number or share; 0 by default.'),
  ),
}) {}

export class DaemonSetUpdateStrategy extends message('How old pods of a DaemonSet make room for new ones.', {
  type: oneOf(1, 'By themselves, or only when somebody deletes them.', ['OnDelete', 'RollingUpdate'], {
    enumIsForRules: true,
  }),
  rollingUpdate: pointer(of(2, 'How fast, when it is by themselves.', RollingUpdateDaemonSet)),
}) {}

export class DaemonSetSpec extends message(
  'Which pod runs on the nodes, and how a change gets to them.',
  {
    selector: required(pointer(of(1, 'The labels of the pods it counts. It never changes.', LabelSelector))),
    template: required(of(2, 'The pod that runs on every node that it fits.', PodTemplateSpec)),
    updateStrategy: of(3, 'How old pods make room for new ones.', DaemonSetUpdateStrategy),
    minReadySeconds: int32(4, 'How long a pod has to be ready before it counts as available.', { minimum: 0 }),
    revisionHistoryLimit: pointer(
      int32(6, 'How many old states are kept to go back to; 10 by default.', { minimum: 0 }),
    ),
  },
  { walk: ['selector', 'template', 'minReadySeconds', 'updateStrategy', 'revisionHistoryLimit'] },
) {}

export class DaemonSetCondition extends message('One aspect of how a DaemonSet does.', conditionFields()) {}

export class DaemonSetStatus extends message('On how many nodes the pod runs.', {
  currentNumberScheduled: required(int32(1, 'Nodes that have the pod and should.')),
  numberMisscheduled: required(int32(2, 'Nodes that have the pod and should not.')),
  desiredNumberScheduled: required(int32(3, 'Nodes that should have the pod.')),
  numberReady: required(int32(4, 'Nodes that should have the pod, and have it ready.')),
  observedGeneration: int64(5, 'The generation of the DaemonSet that this is about.'),
  updatedNumberScheduled: int32(6, 'Nodes that have the pod as the template wants it.'),
  numberAvailable: int32(7, 'Nodes whose pod has been ready for long enough.'),
  numberUnavailable: int32(8, 'Nodes whose pod is missing or has not been ready for long enough.'),
  collisionCount: pointer(int32(9, 'How often the name of a new ControllerRevision was taken already.')),
  conditions: listMap(10, 'How it does, aspect by aspect.', ['type'], DaemonSetCondition, { patchMergeKey: 'type' }),
}) {}

export class DaemonSet extends message('Runs one pod on every node, or on every node of some kind.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', DaemonSetSpec)),
  status: present(of(3, 'What is.', DaemonSetStatus)),
}) {}
