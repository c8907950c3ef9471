import type { FieldErrors, FieldPath } from '#machinery';
import type { DeviceAttribute } from '../device-traits.ts';

const maxValueBytes = 64;
const number = '(0|[1-9]\\d*)';
const preRelease = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const build = '[0-9a-zA-Z-]+';
const semver = new RegExp(
  `^${number}\\.${number}\\.${number}(-${preRelease}(\\.${preRelease})*)?(\\+${build}(\\.${build})*)?$`,
);

/** An attribute has one value, or one list of values. */
export function validateAttribute(attribute: DeviceAttribute, errors: FieldErrors, path: FieldPath): void {
  const { string, version, strings = [], versions = [] } = attribute;
  if (string !== undefined) validateLength(string, errors, path.child('string'));
  if (version !== undefined) validateVersion(version, errors, path.child('version'));
  for (const [at, one] of strings.entries()) validateLength(one, errors, path.child('strings').index(at));
  for (const [at, one] of versions.entries()) validateVersion(one, errors, path.child('versions').index(at));
  const count = Object.keys(attribute).length;
  if (count !== 1) errors.invalid(path, count === 0 ? '' : attribute, 'exactly one value must be specified');
}

function validateVersion(text: string, errors: FieldErrors, path: FieldPath): void {
  if (!semver.test(text)) errors.invalid(path, text, 'must be a string compatible with semver.org spec 2.0.0');
  validateLength(text, errors, path);
}

function validateLength(text: string, errors: FieldErrors, path: FieldPath): void {
  if (Buffer.byteLength(text) > maxValueBytes) errors.tooLong(path, maxValueBytes);
}

/** How many values the attributes have, those of lists counted each. */
export function countValues(attributes: Readonly<Record<string, DeviceAttribute>> = {}): number {
  return Object.values(attributes).reduce((sum, { ints = [], bools = [], strings = [], versions = [] }) => {
    return sum + Math.max(1, ints.length + bools.length + strings.length + versions.length);
  }, 0);
}
