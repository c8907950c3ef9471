/**
 * An OpenAPI v3 document as protobuf: the messages of gnostic (`openapiv3/OpenAPIv3.proto`), as far as the documents of a
 * Kubernetes API say anything in them. What may be a reference, and what may hold itself, stands as the bytes that it is on
 * the wire, so a document is encoded from its leaves up.
 */
import { bool, bytes, double, list, message, nested, optional, string } from '#wire';
import { Any, Named, NamedAny, NamedList } from './gnostic-messages.ts';

/** `ItemsItem`: schemas, or references to them. */
export class ItemsItem extends message({ schemaOrReference: list(1, bytes) }) {}
export class AdditionalPropertiesItem extends message({
  schemaOrReference: optional(bytes(1)),
  boolean: optional(bool(2)),
}) {}
export class DefaultType extends message({
  number: optional(double(1)),
  boolean: optional(bool(2)),
  string: optional(string(3)),
}) {}

export class Schema extends message({
  uniqueItems: bool(20),
  required: list(23, string),
  enum: list(24, Any),
  type: string(25),
  allOf: list(26, bytes),
  oneOf: list(27, bytes),
  items: nested(30, ItemsItem),
  properties: nested(31, NamedList),
  additionalProperties: nested(32, AdditionalPropertiesItem),
  default: nested(33, DefaultType),
  description: string(34),
  format: string(35),
  specificationExtension: list(36, NamedAny),
}) {}
export class Reference extends message({ $ref: string(1) }) {}
/** `SchemaOrReference`, and all other unions with a reference. */
export class OrReference extends message({ value: optional(bytes(1)), reference: nested(2, Reference) }) {}

export class Parameter extends message({
  name: string(1),
  in: string(2),
  description: string(3),
  required: bool(4),
  schema: bytes(10),
}) {}
export class MediaType extends message({ schema: bytes(1) }) {}
export class RequestBody extends message({
  description: string(1),
  content: nested(2, NamedList),
  required: bool(3),
}) {}
export class Response extends message({ description: string(1), content: nested(3, NamedList) }) {}
export class Responses extends message({ responseOrReference: list(2, Named) }) {}
export class Operation extends message({
  tags: list(1, string),
  description: string(3),
  operationId: string(5),
  parameters: list(6, bytes),
  requestBody: optional(bytes(7)),
  responses: nested(8, Responses),
  deprecated: bool(10),
  specificationExtension: list(13, NamedAny),
}) {}
export class PathItem extends message({
  get: nested(4, Operation),
  put: nested(5, Operation),
  post: nested(6, Operation),
  delete: nested(7, Operation),
  options: nested(8, Operation),
  head: nested(9, Operation),
  patch: nested(10, Operation),
  parameters: list(13, bytes),
}) {}
export class Paths extends message({ path: list(1, Named) }) {}

export class SecurityScheme extends message({
  type: string(1),
  description: string(2),
  name: string(3),
  in: string(4),
}) {}
export class Components extends message({
  schemas: nested(1, NamedList),
  securitySchemes: nested(7, NamedList),
}) {}
export class Info extends message({ title: string(1), version: string(6) }) {}
export class Document extends message({
  openapi: string(1),
  info: nested(2, Info),
  paths: nested(4, Paths),
  components: nested(5, Components),
  security: list(6, NamedList),
}) {}
