import { bool, int64, list, listMap, message, of, oneOf, pointer, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { CustomResourceDefinitionNames } from './custom-resource-definition-names.ts';
import { CustomResourceDefinitionVersion } from './custom-resource-definition-version.ts';
import { CustomResourceConversion } from './webhook-conversion.ts';

export class CustomResourceDefinitionSpec extends message('What a custom resource is.', {
  group: required(string(1, 'Its API group.', { minLength: 0 })),
  names: required(of(3, 'What it is called.', CustomResourceDefinitionNames)),
  scope: required(
    oneOf(4, 'Whether its objects live in namespaces.', ['Cluster', 'Namespaced'], { enumIsForRules: true }),
  ),
  versions: required(
    list(7, 'Its versions, which clients are told by their names, best first.', CustomResourceDefinitionVersion),
  ),
  conversion: pointer(of(9, 'How objects get from one version to another.', CustomResourceConversion)),
  preserveUnknownFields: bool(10, 'Only false is valid; unknown fields are kept where a schema says so.'),
}) {}

export class CustomResourceDefinitionCondition extends message('Something that is true of a definition, or not.', {
  type: required(string(1, 'What: `Established`, `NamesAccepted`.')),
  status: required(oneOf(2, 'Whether it is true.', ['False', 'True', 'Unknown'])),
  lastTransitionTime: time(3, 'When that changed.'),
  reason: string(4, 'Why, in one word.'),
  message: string(5, 'Why, for people.'),
  observedGeneration: int64(6, 'The generation of the definition that this was said of.'),
}) {}

export class CustomResourceDefinitionStatus extends message('What became of a definition.', {
  conditions: listMap(1, 'What is true of it.', ['type'], CustomResourceDefinitionCondition, { emitEmpty: true }),
  acceptedNames: present(
    of(2, 'The names that it got, which others may have taken first.', CustomResourceDefinitionNames),
  ),
  storedVersions: list(3, 'All versions in which objects were ever stored, and may still be.', string(0, ''), {
    emitEmpty: true,
  }),
  observedGeneration: int64(4, 'The generation of the definition that this was said of.'),
}) {}

export class CustomResourceDefinition extends message('A resource that users add to the API.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What it is.', CustomResourceDefinitionSpec)),
  status: present(of(3, 'What became of it.', CustomResourceDefinitionStatus)),
}) {}
