import {
  badRequest,
  parseFieldSelector,
  parseLabelSelector,
  type FieldSelector,
  type KubeObject,
  type Resource,
  type Selector,
} from '#machinery';
import type { Matches, Scope } from '../watch-cache/index.ts';
import type { ListOptions } from './rest.ts';

/** Which objects a list or a watch is about. */
export interface Selection {
  readonly scope: Scope;
  readonly matches: Matches;
  /** True when everything in the scope matches. */
  readonly all: boolean;
}

/** Reads the selectors of a request. Throws BadRequest. */
export function selectionOf(resource: Resource<KubeObject>, ns: string, options: ListOptions): Selection {
  const labels = parseLabelSelector(options.labelSelector ?? '');
  const fields = parseFieldSelector(options.fieldSelector ?? '');
  const getters = fields.requirements.map(({ field }) => [field, getterOf(resource, field)] as const);
  return {
    scope: scopeOf(resource, ns, fields),
    matches: (stored) => {
      return matchesLabels(labels, stored.object) && matchesFields(fields, getters, stored.object);
    },
    all: labels.empty && fields.empty,
  };
}

type Getter = (object: KubeObject) => string;

function matchesLabels(labels: Selector, object: KubeObject): boolean {
  return labels.empty || labels.matches(object.metadata.labels);
}

function matchesFields(fields: FieldSelector, getters: (readonly [string, Getter])[], object: KubeObject): boolean {
  if (fields.empty) return true;
  return fields.matches(Object.fromEntries(getters.map(([field, get]) => [field, get(object)])));
}

function getterOf(resource: Resource<KubeObject>, field: string): Getter {
  if (field === 'metadata.name') return (object) => object.metadata.name ?? '';
  // Only kinds with fields of their own can be without this one.
  const hasNamespace = resource.namespaced || !resource.selectableFields;
  if (field === 'metadata.namespace' && hasNamespace) return (object) => object.metadata.namespace ?? '';
  const getter = resource.selectableFields?.[field];
  if (getter) return getter;
  // Upstream's words depend on whether the kind has selectable fields of its own.
  if (resource.group === 'batch' && resource.selectableFields) {
    throw badRequest(`field label ${JSON.stringify(field)} not supported for ${resource.kindName}`);
  }
  if (resource.selectableFields) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

/** A selector by name needs to look at one key only. */
function scopeOf(resource: Pick<Resource, 'namespaced'>, ns: string, fields: FieldSelector): Scope {
  const name = fields.exact('metadata.name');
  if (!resource.namespaced) return name === undefined ? { prefix: '' } : { key: name };
  const namespace = ns === '' ? (fields.exact('metadata.namespace') ?? '') : ns;
  if (namespace === '') return { prefix: '' };
  return name === undefined ? { prefix: `${namespace}/` } : { key: `${namespace}/${name}` };
}
