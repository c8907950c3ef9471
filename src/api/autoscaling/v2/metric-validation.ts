import { isDns1123Label, isPathSegment, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { validateContainerResourceName } from '../../core/v1/validation/resource-names.ts';
import {
  metricSources,
  type ContainerResourceMetricSource,
  type ExternalMetricSource,
  type MetricIdentifier,
  type MetricSpec,
  type MetricTarget,
  type ObjectMetricSource,
  type PodsMetricSource,
  type ResourceMetricSource,
} from './metric-spec.ts';
import { validateReference, type GroupRule } from './reference-validation.ts';

/** Each place that a metric can come from: the type that says so, and the field that has the rest. */
const fields = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
} as const;

/** One metric (`validateMetricSpec` of `pkg/apis/autoscaling/validation`). */
export function validateMetric(metric: MetricSpec, objects: GroupRule, errors: FieldErrors, path: FieldPath): void {
  if (!metric.type) errors.required(path.child('type'), 'must specify a metric source type');
  if (!metricSources.includes(metric.type)) errors.notSupported(path.child('type'), metric.type, metricSources);
  const there = Object.values(fields).filter((field) => metric[field] !== undefined);
  // Of several only the first is looked into.
  if (there[0]) validateSource(metric, there[0], objects, errors, path.child(there[0]));
  const expected = fields[metric.type];
  if (expected && !metric[expected]) {
    errors.required(path.child(expected), 'must populate information for the given metric source');
  }
  if (there.length === 1) return;
  for (const field of there.filter((one) => one !== expected)) {
    errors.forbidden(path.child(field), 'must populate the given metric source only');
  }
}

function validateSource(
  metric: MetricSpec,
  field: (typeof fields)[keyof typeof fields],
  objects: GroupRule,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { object, external, pods, resource, containerResource } = metric;
  if (field === 'object' && object) validateObject(object, objects, errors, path);
  if (field === 'external' && external) validateExternal(external, errors, path);
  if (field === 'pods' && pods) validatePods(pods, errors, path);
  if (field === 'resource' && resource) validateResource(resource, errors, path);
  if (field === 'containerResource' && containerResource) validateContainerResource(containerResource, errors, path);
}

function validateObject(
  { describedObject, metric, target }: ObjectMetricSource,
  objects: GroupRule,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateReference(describedObject, objects, errors, path.child('describedObject'));
  validateIdentifier(metric, errors, path.child('metric'));
  validateTarget(target, errors, path.child('target'));
  if (target.value === undefined && target.averageValue === undefined) {
    errors.required(path.child('target', 'averageValue'), 'must set either a target value or averageValue');
  }
}

function validateExternal({ metric, target }: ExternalMetricSource, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('target');
  validateIdentifier(metric, errors, path.child('metric'));
  validateTarget(target, errors, at);
  const [hasValue, hasAverage] = [target.value !== undefined, target.averageValue !== undefined];
  if (!hasValue && !hasAverage) {
    errors.required(at.child('averageValue'), 'must set either a target value for metric or a per-pod target');
  }
  if (hasValue && hasAverage) {
    errors.forbidden(at.child('value'), 'may not set both a target value for metric and a per-pod target');
  }
}

function validatePods({ metric, target }: PodsMetricSource, errors: FieldErrors, path: FieldPath): void {
  validateIdentifier(metric, errors, path.child('metric'));
  validateTarget(target, errors, path.child('target'));
  if (target.averageValue === undefined) {
    errors.required(path.child('target', 'averageValue'), 'must specify a positive target averageValue');
  }
}

function validateResource({ name, target }: ResourceMetricSource, errors: FieldErrors, path: FieldPath): void {
  if (!name) errors.required(path.child('name'), 'must specify a resource name');
  validateUse(target, errors, path.child('target'));
}

function validateContainerResource(
  { name, container, target }: ContainerResourceMetricSource,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!name) errors.required(path.child('name'), 'must specify a resource name');
  else validateContainerResourceName(name, errors, path.child('name'));
  if (!container) errors.required(path.child('container'), 'must specify a container');
  else for (const why of isDns1123Label(container)) errors.invalid(path.child('container'), container, why);
  validateUse(target, errors, path.child('target'));
}

/** How much of a resource is to be used: as a share of what is requested, or as an amount. */
function validateUse(target: MetricTarget, errors: FieldErrors, path: FieldPath): void {
  validateTarget(target, errors, path);
  const [hasShare, hasAmount] = [target.averageUtilization !== undefined, target.averageValue !== undefined];
  if (!hasShare && !hasAmount) {
    errors.required(path.child('averageUtilization'), 'must set either a target raw value or a target utilization');
  }
  if (hasShare && hasAmount) {
    errors.forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization');
  }
}

function validateTarget(target: MetricTarget, errors: FieldErrors, path: FieldPath): void {
  const { type, averageUtilization } = target;
  if (!type) errors.required(path.child('type'), 'must specify a metric target type');
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue') {
    errors.invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue');
  }
  for (const field of ['value', 'averageValue'] as const) {
    const amount = target[field];
    if (amount !== undefined && Quantity.parse(amount).sign() <= 0) {
      errors.invalid(path.child(field), amount, 'must be positive');
    }
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.invalid(path.child('averageUtilization'), averageUtilization, 'must be greater than 0');
  }
}

function validateIdentifier({ name }: MetricIdentifier, errors: FieldErrors, path: FieldPath): void {
  if (!name) errors.required(path.child('name'), 'must specify a metric name');
  else for (const why of isPathSegment(name)) errors.invalid(path.child('name'), name, why);
}
