import { int32, list, message, of, present, raw, required, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class TableColumnDefinition extends message('TableColumnDefinition.', {
  name: required(string(0, 'The name.')),
  type: required(string(0, 'The type.')),
  format: required(string(0, 'The format.')),
  description: required(string(0, 'The description.')),
  priority: required(int32(0, 'The priority.')),
}) {}

export class TableRowCondition extends message('TableRowCondition.', {
  type: required(string(0, 'The type.')),
  status: required(string(0, 'What is.')),
  reason: string(0, 'The reason.'),
  message: string(0, 'The message.'),
}) {}

export class TableRow extends message('TableRow.', {
  cells: required(list(0, 'The cells.', raw(0, '', 'json'))),
  conditions: list(0, 'The conditions.', TableRowCondition),
  object: raw(0, 'The object.', 'rawExtension'),
}) {}

export class Table extends message('Table.', {
  ...typeMeta,
  metadata: present(of(0, 'Name, labels and what else every object has.', ListMeta)),
  columnDefinitions: required(list(0, 'The column definitions.', TableColumnDefinition)),
  rows: required(list(0, 'The rows.', TableRow)),
}) {}
