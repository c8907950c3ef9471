import { int32, list, message, of, present, raw, required, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class TableColumnDefinition extends message('A column of a table.', {
  name: required(string(0, 'Its heading.')),
  type: required(string(0, 'The type of its cells, as OpenAPI calls it.')),
  format: required(string(0, "The format of its cells; `name` for the object's name.")),
  description: required(string(0, 'What it tells.')),
  priority: required(int32(0, '0 for columns that are always shown.')),
}) {}

export class TableRowCondition extends message('One aspect of a row.', {
  type: required(string(0, 'Which aspect, such as `Completed`.')),
  status: required(string(0, '`True`, `False` or `Unknown`.')),
  reason: string(0, 'Why, in one word.'),
  message: string(0, 'Why, in a sentence.'),
}) {}

export class TableRow extends message('A row of a table.', {
  cells: required(list(0, 'The values, one for each column.', raw(0, '', 'json'))),
  conditions: list(0, 'How the row does.', TableRowCondition),
  object: raw(0, 'The object that the row is about.', 'rawExtension'),
}) {}

export class Table extends message('Objects as rows and columns, to print.', {
  ...typeMeta,
  metadata: present(of(0, 'The version of the list, and where it goes on.', ListMeta)),
  columnDefinitions: required(list(0, 'The columns.', TableColumnDefinition)),
  rows: required(list(0, 'The rows.', TableRow)),
}) {}
