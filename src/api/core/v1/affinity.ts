import { int32, list, message, of, pointer, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class NodeSelectorRequirement extends message('NodeSelectorRequirement.', {
  key: required(string(1, 'The key.', { minLength: 0 })),
  operator: required(string(2, 'The operator.', { minLength: 0 })),
  values: list(3, 'The values.', string(0, '')),
}) {}

export class NodeSelectorTerm extends message(
  'NodeSelectorTerm.',
  {
    matchExpressions: list(1, 'The match expressions.', NodeSelectorRequirement),
    matchFields: list(2, 'The match fields.', NodeSelectorRequirement),
  },
  { mapType: 'atomic' },
) {}

export class NodeSelector extends message(
  'NodeSelector.',
  {
    nodeSelectorTerms: required(list(1, 'The node selector terms.', NodeSelectorTerm)),
  },
  { mapType: 'atomic' },
) {}

export class PreferredSchedulingTerm extends message('PreferredSchedulingTerm.', {
  weight: required(int32(1, 'The weight.')),
  preference: required(of(2, 'The preference.', NodeSelectorTerm)),
}) {}

export class NodeAffinity extends message('NodeAffinity.', {
  requiredDuringSchedulingIgnoredDuringExecution: pointer(
    of(1, 'The required during scheduling ignored during execution.', NodeSelector),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    2,
    'The preferred during scheduling ignored during execution.',
    PreferredSchedulingTerm,
  ),
}) {}

export class PodAffinityTerm extends message('PodAffinityTerm.', {
  labelSelector: pointer(of(1, 'The label selector.', LabelSelector)),
  namespaces: list(2, 'The namespaces.', string(0, '')),
  topologyKey: required(string(3, 'The topology key.', { minLength: 0 })),
  namespaceSelector: pointer(of(4, 'The namespace selector.', LabelSelector)),
  matchLabelKeys: list(5, 'The match label keys.', string(0, '')),
  mismatchLabelKeys: list(6, 'The mismatch label keys.', string(0, '')),
}) {}

export class WeightedPodAffinityTerm extends message('WeightedPodAffinityTerm.', {
  weight: required(int32(1, 'The weight.')),
  podAffinityTerm: required(of(2, 'The pod affinity term.', PodAffinityTerm)),
}) {}

export class PodAffinity extends message('PodAffinity.', {
  requiredDuringSchedulingIgnoredDuringExecution: list(
    1,
    'The required during scheduling ignored during execution.',
    PodAffinityTerm,
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    2,
    'The preferred during scheduling ignored during execution.',
    WeightedPodAffinityTerm,
  ),
}) {}

export class PodAntiAffinity extends message('PodAntiAffinity.', {
  requiredDuringSchedulingIgnoredDuringExecution: list(
    1,
    'The required during scheduling ignored during execution.',
    PodAffinityTerm,
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    2,
    'The preferred during scheduling ignored during execution.',
    WeightedPodAffinityTerm,
  ),
}) {}

export class Affinity extends message('Affinity.', {
  nodeAffinity: pointer(of(1, 'The node affinity.', NodeAffinity)),
  podAffinity: pointer(of(2, 'The pod affinity.', PodAffinity)),
  podAntiAffinity: pointer(of(3, 'The pod anti affinity.', PodAntiAffinity)),
}) {}
