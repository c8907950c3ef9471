import { decode, FieldPath, isDns1123Subdomain, isEqualJson, type FieldErrors } from '#machinery';
import { mandatoryFlowSchemas } from './bootstrap-flow-schemas.ts';
import { validateConditionTypes } from './condition-types-validation.ts';
import { validateRules } from './flow-schema-rules-validation.ts';
import { FlowSchema } from './flow-schema.ts';

const path = FieldPath.of('spec');
const maxPrecedence = 10_000;
const methods = ['ByNamespace', 'ByUser'];

/** The rules of schemas (`pkg/apis/flowcontrol/validation/validation.go`). */
export function validateFlowSchema({ metadata, spec }: FlowSchema, errors: FieldErrors): void {
  validatePrecedence(spec.matchingPrecedence ?? 0, metadata.name ?? '', errors);
  const { distinguisherMethod: method } = spec;
  if (method && !methods.includes(method.type)) {
    errors.notSupported(path.child('distinguisherMethod', 'type'), method, methods);
  }
  const level = spec.priorityLevelConfiguration.name;
  const at = path.child('priorityLevelConfiguration', 'name');
  if (level === '') errors.required(at, 'must reference a priority level');
  else for (const why of isDns1123Subdomain(level)) errors.invalid(at, level, why);
  for (const [index, rule] of (spec.rules ?? []).entries()) {
    validateRules(rule, errors, path.child('rules').index(index));
  }
  const fixed = mandatoryFlowSchemas.find(({ name }) => name === metadata.name);
  if (!fixed || isEqualJson(spec, decode(FlowSchema, fixed).object.spec)) return;
  errors.invalid(path, spec, `spec of '${fixed.name}' must equal the fixed value`);
}

function validatePrecedence(precedence: number, name: string, errors: FieldErrors): void {
  const at = path.child('matchingPrecedence');
  if (precedence <= 0) errors.invalid(at, precedence, 'must be a positive value');
  if (precedence > maxPrecedence) errors.invalid(at, precedence, `must not be greater than ${maxPrecedence}`);
  if (precedence === 1 && name !== 'exempt') {
    errors.invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  }
}

export function validateFlowSchemaStatus({ status }: FlowSchema, errors: FieldErrors): void {
  validateConditionTypes(status.conditions, errors);
}
