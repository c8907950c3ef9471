import type { FieldErrors } from '../field-errors.ts';
import type { Warnings } from '../warnings.ts';
import type { Message } from './types.ts';

/** What every stored object has. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: KubeMeta;
}

/** The part of ObjectMeta that the machinery itself reads; `api/` has the whole type. */
export interface KubeMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  selfLink?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
    blockOwnerDeletion?: boolean;
  }[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
}

/** An entry of `metadata.managedFields`: which fields one writer owns. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: unknown;
  subresource?: string;
}

/** A cell of a Table row. */
export type Cell = string | number | boolean | null;

/** A printed column (`kubectl get`), as `pkg/printers/internalversion/printers.go` has it. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: 'name';
  readonly description: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
  /** The cell's value; `nowMs` is for ages. */
  readonly cell: (object: T, nowMs: number) => Cell;
}

export interface Subresource<T = unknown> {
  /** The kind that goes in and out, where it is not the resource's own ("Scale", "Binding", "Eviction"). */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: Message };
  /** HTTP-level verbs as RBAC names them. */
  readonly verbs: readonly ('get' | 'create' | 'update' | 'patch' | 'delete')[];
  /** Rules of what is written through it (`status`); the rest of the object is as it was. */
  validate?(object: T, errors: FieldErrors, old: T): void;
}

export interface ResourceFacts<T> {
  readonly group: string;
  readonly version: string;
  readonly kind: Message<T>;
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Default: all of create, delete, deletecollection, get, list, patch, update, watch. */
  readonly verbs?: readonly string[];
  readonly subresources?: Readonly<Record<string, Subresource<T>>>;
  readonly columns?: readonly Column<T>[];
  /** Defaults that span fields, after the schema's own; changes the object in place (`pkg/apis/<group>/v1/defaults.go`). */
  readonly setDefaults?: (object: T) => void;
  /** Rules that span fields; `old` on update (`pkg/apis/<group>/validation`). Metadata is validated by the API server. */
  readonly validate?: (object: T, errors: FieldErrors, old?: T) => void;
  /** What to tell who writes an object that is valid: deprecated fields, and what is likely a mistake; `old` on update. */
  readonly warn?: (object: T, warnings: Warnings, old?: T) => void;
  /** Name rule of `metadata.name`; default is the DNS subdomain. */
  readonly nameRule?: 'dnsSubdomain' | 'dnsLabel' | 'dns1035Label' | 'pathSegment' | 'ip';
  /** Finalizers need not say whose they are: upstream does not ask the core group's rules of metadata (`pkg/apis/core/validation`). */
  readonly takesAnyFinalizer?: true;
  /** Field selectors beside `metadata.name` and `metadata.namespace`, from name to value. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** What everybody is told who asks for it, where nobody should any more. */
  readonly deprecation?: string;
  /** The order of a list that is shown as a table; as it is stored by default. */
  readonly tableOrder?: (a: T, b: T) => number;
}

/** A resource of the API: a type with a place in a group, a name in the URL, and how it is shown. */
export interface Resource<T = unknown> extends ResourceFacts<T> {
  /** `v1` or `apps/v1`. */
  readonly apiVersion: string;
  /** `Pod`. */
  readonly kindName: string;
  /** `PodList`. */
  readonly listKind: string;
  readonly singular: string;
  readonly verbs: readonly string[];
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Completes the facts of a resource with what follows from them. */
export function resource<T>(facts: ResourceFacts<T>): Resource<T> {
  return {
    ...facts,
    apiVersion: facts.group === '' ? facts.version : `${facts.group}/${facts.version}`,
    kindName: facts.kind.name,
    listKind: `${facts.kind.name}List`,
    singular: facts.singular ?? facts.kind.name.toLowerCase(),
    verbs: facts.verbs ?? allVerbs,
  };
}
