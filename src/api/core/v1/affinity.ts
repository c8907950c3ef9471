import { int32, list, message, of, pointer, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class NodeSelectorRequirement extends message('What a label or field of a node has to be like.', {
  key: required(string(1, "The label's key, or the field's name.", { minLength: 0 })),
  operator: required(
    string(2, 'How it is compared: `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`.', { minLength: 0 }),
  ),
  values: list(
    3,
    'What it is compared with; one number for `Gt` and `Lt`, nothing for `Exists` and `DoesNotExist`.',
    string(0, ''),
  ),
}) {}

export class NodeSelectorTerm extends message(
  'Requirements that a node meets all at once. An empty term matches no node.',
  {
    matchExpressions: list(1, 'Of its labels.', NodeSelectorRequirement),
    matchFields: list(2, 'Of its fields; only `metadata.name` is known.', NodeSelectorRequirement),
  },
  { mapType: 'atomic' },
) {}

export class NodeSelector extends message(
  'Terms of which a node meets at least one.',
  {
    nodeSelectorTerms: required(list(1, 'The terms.', NodeSelectorTerm)),
  },
  { mapType: 'atomic' },
) {}

export class PreferredSchedulingTerm extends message('A term that counts in favour of a node.', {
  weight: required(int32(1, 'How much, from 1 to 100.')),
  preference: required(of(2, 'The term.', NodeSelectorTerm)),
}) {}

export class NodeAffinity extends message('Which nodes a pod may or likes to run on.', {
  requiredDuringSchedulingIgnoredDuringExecution: pointer(
    of(1, 'Nodes that do not match are out. Pods stay when labels change later.', NodeSelector),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, 'Nodes that match score higher.', PreferredSchedulingTerm),
}) {}

export class PodAffinityTerm extends message('Pods, and what being near them means.', {
  labelSelector: pointer(of(1, 'The labels of those pods; none are meant when it is absent.', LabelSelector)),
  namespaces: list(2, "The namespaces of those pods; one's own when nothing else is said.", string(0, '')),
  topologyKey: required(string(3, 'The node label whose value makes two nodes one place.', { minLength: 0 })),
  namespaceSelector: pointer(of(4, 'Further namespaces, by their labels; all when it is empty.', LabelSelector)),
  matchLabelKeys: list(5, 'Labels in which those pods have to equal this one.', string(0, '')),
  mismatchLabelKeys: list(6, 'Labels in which those pods must not equal this one.', string(0, '')),
}) {}

export class WeightedPodAffinityTerm extends message('A term that counts in favour of a node.', {
  weight: required(int32(1, 'How much, from 1 to 100.')),
  podAffinityTerm: required(of(2, 'The term.', PodAffinityTerm)),
}) {}

export class PodAffinity extends message('Which pods a pod has to or likes to be near.', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, 'Places without them are out.', PodAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, 'Places with them score higher.', WeightedPodAffinityTerm),
}) {}

export class PodAntiAffinity extends message('Which pods a pod has to or likes to be away from.', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, 'Places with them are out.', PodAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    2,
    'Places without them score higher.',
    WeightedPodAffinityTerm,
  ),
}) {}

export class Affinity extends message('What draws a pod to nodes and other pods, and keeps it away.', {
  nodeAffinity: pointer(of(1, 'To nodes.', NodeAffinity)),
  podAffinity: pointer(of(2, 'To other pods.', PodAffinity)),
  podAntiAffinity: pointer(of(3, 'Away from other pods.', PodAntiAffinity)),
}) {}
