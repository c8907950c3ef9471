/**
 * The engine of the API.
 *
 * A type is written once in the schema language (`schema/`): a message is a named record of fields, and a field is plain
 * data. Everything that is ever asked about a type is one walk over that data, in a file of its own. So an object lives:
 *
 * A client sends `kubectl apply`'s YAML or JSON. `parseYaml` and `parseJson` make plain values of it; `decode` takes the
 * value through its message: checks every type, drops what is unknown (and says what it dropped), puts the fields in the
 * schema's order and leaves what a round trip through Go would leave. A patch (`jsonPatch`, `mergePatch`,
 * `strategicMergePatch`) changes the stored object before that. `applyDefaults` fills in; `validateFields` collects what
 * is wrong in `FieldErrors`; the API server answers with a `StatusError` (`invalid`, `notFound`, `conflict`) whose words
 * are Kubernetes' own. Then the object is written as JSON, or by `encodeProtobuf` for clients that prefer that, and is
 * found again by `parseLabelSelector` and `parseFieldSelector`. `openApiSchemas` tells all of this to `kubectl explain`.
 *
 * Objects are plain JSON all the way. What comes in is text, bytes and messages; what goes out is plain objects and errors.
 * Nothing in here knows a single kind: those are in `#api`.
 */
export * from './schema/types.ts';
export * from './schema/fields.ts';
export * from './schema/resource.ts';
export * from './field-errors.ts';
export { Warnings } from './warnings.ts';
export * from './field-path.ts';
export * from './status.ts';
export * from './meta.ts';
export * from './names.ts';
export { isCanonicalCidr, isCanonicalIp } from './ip.ts';
export { formatMicroTime, formatTime, normalizeMicroTime, normalizeTime, parseTime } from './time.ts';
export { formatDuration, humanDuration, parseDuration } from './duration.ts';
export { cronScheduleProblems, parseCronSchedule, type CronField, type CronSchedule } from './cron.ts';
export { isTimeZone } from './time-zone.ts';
export { Quantity } from './quantity.ts';
export {
  selectEverything,
  selectNothing,
  selectorOf,
  selectorOfMap,
  selectorOfRequirements,
  type LabelSelectorLike,
  type Requirement,
  type Selector,
  type SelectorOperator,
} from './label-selector.ts';
export { parseLabelSelector } from './parse-label-selector.ts';
export { fieldSelectorOf, parseFieldSelector, type FieldRequirement, type FieldSelector } from './field-selector.ts';
export { goJson, goString } from './go-values.ts';
export { copyJson, isEqualJson, isObject, parseJson, setKey, type ParsedJson, type ParseJsonOptions } from './json.ts';
export { decode } from './decode.ts';
export { UnreadableValue } from './decode-context.ts';
export { fromGoForm, goForm, goFormButLists } from './go-form.ts';
export { applyDefaults } from './defaults.ts';
export { placeErrors } from './place-errors.ts';
export { validateFields } from './validate-fields.ts';
export { jsonPatch } from './patch/json-patch.ts';
export { createMergePatch, mergePatch } from './patch/merge-patch.ts';
export { strategicMergePatch } from './patch/strategic-merge-patch.ts';
export * from './apply/index.ts';
export { formatYaml } from './yaml/format-yaml.ts';
export { parseYaml, readYaml } from './yaml/read-yaml.ts';
export { encodeProtobuf } from './protobuf/encode.ts';
export { decodeProtobuf } from './protobuf/decode.ts';
export { decodeKube, encodeKube, kubeEnvelope, isKube, type KubeEnvelope } from './protobuf/envelope.ts';
export {
  openApiDefinitions,
  openApiSchemas,
  type GroupVersionKind,
  type OpenApiOptions,
  type OpenApiSchema,
} from './openapi.ts';
export { ageColumn, ageOf, formatLabels, joinOrNone, nameColumn } from './printing.ts';
