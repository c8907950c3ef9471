import { FieldErrors, FieldPath, badRequest, type Cell, type Column, type KubeObject, type Resource } from '#machinery';
import type { Stored } from '../registry/rest.ts';
import { inGoForm } from './go-form.ts';
import { partialOf } from './partial.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** How a Table is asked for. */
export interface TableOptions {
  version: string;
  include: IncludeObject;
  nowMs: number;
}

/** `?includeObject=`; Metadata by default. Throws BadRequest. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  const errors = new FieldErrors();
  errors.invalid(FieldPath.of('includeObject'), value, "must be 'Metadata', 'Object', 'None', or empty");
  const [first] = errors.list;
  throw badRequest(`Unable to convert to Table as requested: ${first?.field}: ${first?.message}`);
}

/** What a resource without columns of its own shows (`registry/rest/table.go`). */
const defaultColumns: readonly Column<KubeObject>[] = [
  {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: 'The name of the object, unique in its namespace.',
    cell: ({ metadata }) => metadata.name ?? '',
  },
  {
    name: 'Created At',
    type: 'date',
    description: 'When the object was created.',
    cell: ({ metadata }) => metadata.creationTimestamp ?? '',
  },
];

function columnsOf(resource: Resource): readonly Column<KubeObject>[] {
  // The columns were declared for the very type that this resource's objects have.
  return (resource.columns as readonly Column<KubeObject>[] | undefined) ?? defaultColumns;
}

function definitionsOf(resource: Resource): object[] {
  return columnsOf(resource).map(({ name, type, format = '', description, priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
}

/** `kubectl get`'s table of a list, without its rows. */
export function tableHead(resource: Resource, metadata: object, { version }: TableOptions): object {
  return { ...head(version), metadata, columnDefinitions: definitionsOf(resource) };
}

/** The table of one object; without definitions where the client has seen them (watch). */
export function tableOfObject(
  resource: Resource,
  stored: Pick<Stored, 'object'>,
  options: TableOptions,
  definitions = true,
): object {
  const { resourceVersion } = stored.object.metadata;
  return {
    ...head(options.version),
    metadata: { ...(resourceVersion && { resourceVersion }) },
    columnDefinitions: definitions ? definitionsOf(resource) : null,
    rows: [tableRow(resource, stored, options)],
  };
}

function head(version: string): object {
  return { kind: 'Table', apiVersion: `meta.k8s.io/${version}` };
}

/** The row of one object. */
export function tableRow(resource: Resource, { object }: Pick<Stored, 'object'>, options: TableOptions): object {
  const cells = cellsOf(resource, object, options.nowMs);
  return { cells, object: included(object, options) };
}

function included(object: KubeObject, { include, version }: TableOptions): object | null {
  if (include === 'None') return null;
  return include === 'Object' ? inGoForm(object) : partialOf(object, version);
}

function cellsOf(resource: Resource, object: KubeObject, nowMs: number): Cell[] {
  // A bookmark has nothing but its resourceVersion to show.
  if (object.metadata.name === undefined) return [];
  return columnsOf(resource).map((column) => column.cell(object, nowMs));
}
