import { bool, int32, list, message, of, pointer, required, string } from '#machinery';
import { JSONSchemaProps } from './json-schema-props.ts';

export class CustomResourceValidation extends message('What objects have to look like.', {
  openAPIV3Schema: pointer(of(1, 'The schema.', JSONSchemaProps)),
}) {}

export class CustomResourceSubresourceStatus extends message('The status is written on its own.', {}) {}

export class CustomResourceSubresourceScale extends message('The objects can be scaled.', {
  specReplicasPath: required(string(1, 'Where the wanted number of replicas stands, below `.spec`.', { minLength: 0 })),
  statusReplicasPath: required(string(2, 'Where the number of replicas stands, below `.status`.', { minLength: 0 })),
  labelSelectorPath: pointer(string(3, 'Where the labels of the replicas stand as text, below `.spec` or `.status`.')),
}) {}

export class CustomResourceSubresources extends message('What objects have beside themselves.', {
  status: pointer(of(1, 'The status, if it is written on its own.', CustomResourceSubresourceStatus)),
  scale: pointer(of(2, 'The scale, if there is one.', CustomResourceSubresourceScale)),
}) {}

export class CustomResourceColumnDefinition extends message('A column that clients print.', {
  name: required(string(1, 'Its heading.', { minLength: 0 })),
  type: required(string(2, 'The type of what stands in it, in the words of OpenAPI, or `date`.', { minLength: 0 })),
  format: string(3, 'A hint for clients: `name` for the column of names.'),
  description: string(4, 'What stands in it.'),
  priority: int32(5, '0 is always shown; higher columns only where there is room.'),
  jsonPath: required(string(6, 'Where in an object its value is.', { minLength: 0 })),
}) {}

export class SelectableField extends message('A field that may be selected by.', {
  jsonPath: required(string(1, 'Where it is in an object, in dots.', { minLength: 0 })),
}) {}

export class CustomResourceDefinitionVersion extends message('A version of a custom resource.', {
  name: required(string(1, 'Its name: `v1`, `v2beta1`.', { minLength: 0 })),
  served: required(bool(2, 'Whether it is there for clients.')),
  storage: required(bool(3, 'Whether objects are stored in this version; one of the versions is.')),
  deprecated: bool(7, 'Whether clients are warned of it.'),
  deprecationWarning: pointer(string(8, 'What they are told, if not the usual.')),
  schema: pointer(of(4, 'What its objects have to look like.', CustomResourceValidation)),
  subresources: pointer(of(5, 'What its objects have beside themselves.', CustomResourceSubresources)),
  additionalPrinterColumns: list(
    6,
    'The columns that clients print beside the name; the age by default.',
    CustomResourceColumnDefinition,
  ),
  selectableFields: list(9, 'The fields that may be selected by, at most eight.', SelectableField),
}) {}
