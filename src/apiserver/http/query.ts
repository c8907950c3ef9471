import {
  badRequest,
  FieldErrors,
  FieldPath,
  fieldSelectorOf,
  invalid,
  parseFieldSelector,
  parseLabelSelector,
} from '#machinery';
import { validateFieldManager } from '../registry/metadata.ts';
import type { DeleteOptions, ListOptions, PatchType, WriteOptions } from '../registry/rest.ts';
import { messageOfKind } from '../encoding/kinds.ts';
import { isTrue } from './request-info.ts';

const meta = (kindName: string): { group: string; kindName: string } => ({ group: 'meta.k8s.io', kindName });

/** The query of a list, watch or deletecollection. Throws BadRequest or Invalid as upstream does. */
export function listOptionsOf(query: URLSearchParams, watch: boolean): ListOptions {
  const options: ListOptions = {
    ...text(query, 'labelSelector'),
    ...text(query, 'fieldSelector'),
    ...integer(query, 'limit'),
    ...text(query, 'continue'),
    ...text(query, 'resourceVersion'),
    ...text(query, 'resourceVersionMatch'),
    ...integer(query, 'timeoutSeconds'),
    ...boolean(query, 'allowWatchBookmarks'),
    ...boolean(query, 'sendInitialEvents'),
  };
  const errors = new FieldErrors();
  if (watch) validateWatch(options, errors);
  else validateList(options, errors);
  if (!errors.empty) {
    mustBeSelectors(options);
    throw invalid(meta('ListOptions'), '', errors);
  }
  return watch ? withInitialEvents(options) : options;
}

/** Upstream reads selectors before it looks at options, or at a body. Throws BadRequest. */
export function mustBeSelectors({ labelSelector = '', fieldSelector = '' }: ListOptions): void {
  parseLabelSelector(labelSelector);
  parseFieldSelector(fieldSelector);
}

/** A watch from nowhere has always begun with what is there (`SetListOptionsDefaults` of apimachinery). */
function withInitialEvents(options: ListOptions): ListOptions {
  const { sendInitialEvents, resourceVersion = '0' } = options;
  if (sendInitialEvents !== undefined || resourceVersion !== '0') return options;
  return { ...options, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };
}

/** The options of a list or watch of one name: a selector of that name. Throws BadRequest where there is one of another. */
export function withName(options: ListOptions, name: string): ListOptions {
  if (name === '') return options;
  if (!options.fieldSelector) {
    const selector = fieldSelectorOf([{ field: 'metadata.name', operator: '=', value: name }]);
    return { ...options, fieldSelector: selector.toString() };
  }
  if (parseFieldSelector(options.fieldSelector).exact('metadata.name') === name) return options;
  throw badRequest("fieldSelector metadata.name doesn't match requested name");
}

const matchPath = FieldPath.of('resourceVersionMatch');

function validateList(options: ListOptions, errors: FieldErrors): void {
  const match = options.resourceVersionMatch;
  if (match) {
    if (!options.resourceVersion) {
      errors.forbidden(matchPath, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    if (options.continue) errors.forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.notSupported(matchPath, match, ['Exact', 'NotOlderThan', '']);
    }
    if (match === 'Exact' && options.resourceVersion === '0') {
      errors.forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.forbidden(FieldPath.of('sendInitialEvents'), 'sendInitialEvents is forbidden for list');
  }
}

function validateWatch(options: ListOptions, errors: FieldErrors): void {
  const match = options.resourceVersionMatch;
  const initial = options.sendInitialEvents !== undefined;
  if (initial && match !== 'NotOlderThan') {
    errors.forbidden(matchPath, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (!match) return;
  if (!initial) {
    errors.forbidden(matchPath, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  if (match !== 'NotOlderThan') errors.notSupported(matchPath, match, ['NotOlderThan']);
  if (options.continue) errors.forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided');
}

/** The query of a create, update or patch; `kind` is `CreateOptions`, `UpdateOptions` or `PatchOptions`. */
export function writeOptionsOf(query: URLSearchParams, kind: string, patchType?: PatchType): WriteOptions {
  if (query.size === 0 && patchType !== 'application/apply-patch+yaml') return { dryRun: false };
  const errors = new FieldErrors();
  const fieldManager = query.get('fieldManager') ?? '';
  if (kind === 'PatchOptions') validateForce(query, patchType, fieldManager, errors);
  validateFieldManager(fieldManager, FieldPath.of('fieldManager'), errors);
  const dryRun = dryRunOf(query.getAll('dryRun'), errors);
  const fieldValidation = query.get('fieldValidation') ?? '';
  if (!isFieldValidation(fieldValidation)) {
    errors.notSupported(FieldPath.of('fieldValidation'), fieldValidation, ['', 'Ignore', 'Strict', 'Warn']);
  }
  if (!errors.empty) throw invalid(meta(kind), '', errors);
  return {
    dryRun,
    ...(isFieldValidation(fieldValidation) && fieldValidation !== '' && { fieldValidation }),
    ...(fieldManager !== '' && { fieldManager }),
    ...(isTrue(query.get('force')) && { force: true }),
  };
}

function isFieldValidation(value: string): value is NonNullable<WriteOptions['fieldValidation']> | '' {
  return ['', 'Ignore', 'Strict', 'Warn'].includes(value);
}

function validateForce(
  query: URLSearchParams,
  type: PatchType | undefined,
  manager: string,
  errors: FieldErrors,
): void {
  if (type === 'application/apply-patch+yaml') {
    if (manager === '') errors.required(FieldPath.of('fieldManager'), 'is required for apply patch');
  } else if (query.has('force')) {
    errors.forbidden(FieldPath.of('force'), 'may not be specified for non-apply patch');
  }
}

function dryRunOf(values: readonly string[], errors: FieldErrors): boolean {
  if (values.some((value) => value !== 'All')) errors.notSupported(FieldPath.of('dryRun'), values, ['All']);
  return values.length > 0;
}

/** DeleteOptions from the body, or from the query where there is no body. Throws BadRequest or Invalid. */
export function deleteOptionsOf(query: URLSearchParams, body: unknown): DeleteOptions {
  const given = body === undefined ? deleteQuery(query) : deleteBody(body);
  const errors = new FieldErrors();
  const path = FieldPath.of('propagationPolicy');
  if (given.orphanDependents !== undefined && given.propagationPolicy !== undefined) {
    errors.invalid(path, given.propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set');
  }
  const policies = ['Foreground', 'Background', 'Orphan'];
  if (given.propagationPolicy !== undefined && !policies.includes(given.propagationPolicy)) {
    errors.notSupported(path, given.propagationPolicy, [...policies, 'nil']);
  }
  const dryRun = dryRunOf(given.dryRun, errors);
  if (!errors.empty) throw invalid(meta('DeleteOptions'), '', errors);
  return { ...given, dryRun };
}

type GivenDelete = Omit<DeleteOptions, 'dryRun'> & { dryRun: string[] };

function deleteQuery(query: URLSearchParams): GivenDelete {
  return {
    ...integer(query, 'gracePeriodSeconds'),
    ...(query.has('propagationPolicy') && { propagationPolicy: query.get('propagationPolicy') ?? '' }),
    ...boolean(query, 'orphanDependents'),
    dryRun: query.getAll('dryRun'),
  };
}

function deleteBody(body: unknown): GivenDelete {
  if (!isRecord(body))
    throw badRequest(
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  const kind = body['kind'];
  if (typeof kind === 'string' && kind !== '' && kind !== 'DeleteOptions')
    throw noDeleteOptions(body['apiVersion'], kind);
  const preconditions = body['preconditions'];
  return {
    ...typed(body, 'gracePeriodSeconds', 'number', 'int64'),
    ...typed(body, 'propagationPolicy', 'string', 'v1.DeletionPropagation'),
    ...typed(body, 'orphanDependents', 'boolean', 'bool'),
    ...(isRecord(preconditions) && {
      preconditions: {
        ...typed(preconditions, 'uid', 'string', 'types.UID'),
        ...typed(preconditions, 'resourceVersion', 'string', 'string'),
      },
    }),
    dryRun: Array.isArray(body['dryRun']) ? body['dryRun'].map(String) : [],
  };
}

function noDeleteOptions(version: unknown, kind: string): Error {
  const apiVersion = typeof version === 'string' && version !== '' ? version : 'meta.k8s.io/v1';
  if (messageOfKind(apiVersion, kind)) return badRequest('decoded object cannot be converted to DeleteOptions');
  const of = `kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
  return badRequest(`no ${of} in scheme "pkg/runtime/scheme.go:111"`);
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

function typed<K extends string, T extends keyof Types>(
  body: Record<string, unknown>,
  name: K,
  type: T,
  goType: string,
): { [key in K]?: Types[T] } {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== type) {
    const told = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw badRequest(`json: cannot unmarshal ${told} into Go struct field DeleteOptions.${name} of type ${goType}`);
  }
  return { [name]: value } as { [key in K]?: Types[T] }; // its type was just checked
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text<K extends string>(query: URLSearchParams, name: K): { [key in K]?: string } {
  const value = query.get(name);
  return (value ? { [name]: value } : {}) as { [key in K]?: string };
}

function boolean<K extends string>(query: URLSearchParams, name: K): { [key in K]?: boolean } {
  return (query.has(name) ? { [name]: isTrue(query.get(name)) } : {}) as { [key in K]?: boolean };
}

/** A whole number of a query, with the words of Go's strconv where it is none. */
export function integer<K extends string>(query: URLSearchParams, name: K): { [key in K]?: number } {
  const value = query.get(name);
  if (value === null) return {};
  if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const number = Number(value);
  if (Math.abs(number) > 2 ** 63) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  return { [name]: number } as { [key in K]?: number };
}
