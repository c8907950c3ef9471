/**
 * The OpenAPI v2 document as protobuf: the messages of gnostic (`openapiv2/OpenAPIv2.proto`), as far as the document of a
 * Kubernetes API says anything in them. A nested message that may hold itself stands as the bytes that it is on the wire,
 * so a document is encoded from its leaves up.
 */
import { bool, bytes, double, int64, list, message, nested, optional, string } from '#wire';

/** Any value, as YAML text; JSON is YAML. */
export class Any extends message({ yaml: string(2) }) {}
export class NamedAny extends message({ name: string(1), value: nested(2, Any) }) {}
/** `NamedSchema`, `NamedPathItem`, `NamedResponseValue` and so on are all alike. */
export class Named extends message({ name: string(1), value: optional(bytes(2)) }) {}
/** `Properties`, `Definitions`, `SecurityDefinitions`, `SecurityRequirement`. */
export class NamedList extends message({ additionalProperties: list(1, Named) }) {}
/** `TypeItem` and `StringArray`. */
export class Strings extends message({ value: list(1, string) }) {}
export class ItemsItem extends message({ schema: list(1, bytes) }) {}
export class AdditionalPropertiesItem extends message({ schema: optional(bytes(1)), boolean: optional(bool(2)) }) {}

export class Schema extends message({
  $ref: string(1),
  format: string(2),
  title: string(3),
  description: string(4),
  default: nested(5, Any),
  multipleOf: double(6),
  maximum: double(7),
  exclusiveMaximum: bool(8),
  minimum: double(9),
  exclusiveMinimum: bool(10),
  maxLength: int64(11),
  minLength: int64(12),
  pattern: string(13),
  maxItems: int64(14),
  minItems: int64(15),
  uniqueItems: bool(16),
  maxProperties: int64(17),
  minProperties: int64(18),
  required: list(19, string),
  enum: list(20, Any),
  additionalProperties: nested(21, AdditionalPropertiesItem),
  type: nested(22, Strings),
  items: nested(23, ItemsItem),
  allOf: list(24, bytes),
  properties: nested(25, NamedList),
  vendorExtension: list(31, NamedAny),
}) {}

export class BodyParameter extends message({
  description: string(1),
  name: string(2),
  in: string(3),
  required: bool(4),
  schema: bytes(5),
}) {}
export class QueryParameter extends message({
  required: bool(1),
  in: string(2),
  description: string(3),
  name: string(4),
  type: string(6),
  format: string(7),
  uniqueItems: bool(20),
}) {}
export class PathParameter extends message({
  required: bool(1),
  in: string(2),
  description: string(3),
  name: string(4),
  type: string(5),
  format: string(6),
  uniqueItems: bool(19),
}) {}
export class NonBodyParameter extends message({ query: nested(3, QueryParameter), path: nested(4, PathParameter) }) {}
export class Parameter extends message({ body: nested(1, BodyParameter), nonBody: nested(2, NonBodyParameter) }) {}
export class ParametersItem extends message({ parameter: nested(1, Parameter) }) {}

export class SchemaItem extends message({ schema: bytes(1) }) {}
export class Response extends message({ description: string(1), schema: nested(2, SchemaItem) }) {}
export class ResponseValue extends message({ response: nested(1, Response) }) {}
export class Responses extends message({ responseCode: list(1, Named) }) {}
export class Operation extends message({
  tags: list(1, string),
  summary: string(2),
  description: string(3),
  operationId: string(5),
  produces: list(6, string),
  consumes: list(7, string),
  parameters: list(8, ParametersItem),
  responses: nested(9, Responses),
  schemes: list(10, string),
  deprecated: bool(11),
  vendorExtension: list(13, NamedAny),
}) {}
export class PathItem extends message({
  get: nested(2, Operation),
  put: nested(3, Operation),
  post: nested(4, Operation),
  delete: nested(5, Operation),
  options: nested(6, Operation),
  head: nested(7, Operation),
  patch: nested(8, Operation),
  parameters: list(9, ParametersItem),
}) {}
export class Paths extends message({ path: list(2, Named) }) {}

export class Info extends message({ title: string(1), version: string(2) }) {}
export class ApiKeySecurity extends message({
  type: string(1),
  name: string(2),
  in: string(3),
  description: string(4),
}) {}
export class SecurityDefinitionsItem extends message({ apiKeySecurity: nested(2, ApiKeySecurity) }) {}
export class Document extends message({
  swagger: string(1),
  info: nested(2, Info),
  paths: nested(8, Paths),
  definitions: nested(9, NamedList),
  security: list(12, NamedList),
  securityDefinitions: nested(13, NamedList),
}) {}
