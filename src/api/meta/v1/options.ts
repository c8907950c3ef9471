import { bool, int64, list, message, of, oneOf, pointer, required, string } from '#machinery';
import { typeMeta } from './type-meta.ts';

export class ListOptions extends message('What is wanted of a list or a watch.', {
  ...typeMeta,
  labelSelector: string(1, 'Only objects with these labels.'),
  fieldSelector: string(2, 'Only objects with these fields.'),
  watch: bool(3, 'Whether changes are wanted instead of the list.'),
  allowWatchBookmarks: bool(9, 'Whether the watch may send bookmarks.'),
  resourceVersion: string(4, 'The version that is wanted, or from which changes are wanted.'),
  resourceVersionMatch: string(10, 'Whether exactly that version is wanted, or one at least as new.'),
  timeoutSeconds: pointer(int64(5, 'How long the call may take.')),
  limit: int64(7, 'How many objects at most.'),
  continue: string(8, 'What the last part of the list said.'),
  sendInitialEvents: pointer(bool(11, 'Whether the watch begins with the objects that are there.')),
  shardSelector: string(15, 'Which part of the whole is wanted.'),
}) {}

export class GetOptions extends message('What is wanted of an object.', {
  ...typeMeta,
  resourceVersion: string(1, 'A version that the answer has to be as new as.'),
}) {}

export class Preconditions extends message('What has to be so, or nothing is done.', {
  uid: pointer(string(1, 'The identity of the object.')),
  resourceVersion: pointer(string(2, 'The version of the object.')),
}) {}

export class DeleteOptions extends message('How an object is deleted.', {
  ...typeMeta,
  gracePeriodSeconds: pointer(int64(1, 'How long it has to end; 0 for at once.')),
  preconditions: pointer(of(2, 'What has to be so, or nothing is done.', Preconditions)),
  orphanDependents: pointer(bool(3, 'The old way to say `propagationPolicy`.')),
  propagationPolicy: pointer(string(4, 'What becomes of what it owns: `Orphan`, `Background`, `Foreground`.')),
  dryRun: list(5, '`All` to try without storing.', string(0, '')),
  ignoreStoreReadErrorWithClusterBreakingPotential: pointer(
    bool(6, 'Whether an object that cannot be read is removed all the same.'),
  ),
}) {}

export class CreateOptions extends message('How an object is created.', {
  ...typeMeta,
  dryRun: list(1, '`All` to try without storing.', string(0, '')),
  fieldManager: string(3, 'The name of the writer.'),
  fieldValidation: string(4, 'What happens to unknown fields: `Ignore`, `Warn`, `Strict`.'),
}) {}

export class UpdateOptions extends message('How an object is replaced.', {
  ...typeMeta,
  dryRun: list(1, '`All` to try without storing.', string(0, '')),
  fieldManager: string(2, 'The name of the writer.'),
  fieldValidation: string(3, 'What happens to unknown fields: `Ignore`, `Warn`, `Strict`.'),
}) {}

export class PatchOptions extends message('How an object is patched.', {
  ...typeMeta,
  dryRun: list(1, '`All` to try without storing.', string(0, '')),
  force: pointer(bool(2, 'Whether an apply takes fields from other writers.')),
  fieldManager: string(3, 'The name of the writer.'),
  fieldValidation: string(4, 'What happens to unknown fields: `Ignore`, `Warn`, `Strict`.'),
}) {}

export class ApplyOptions extends message('How an object is applied.', {
  ...typeMeta,
  dryRun: list(1, '`All` to try without storing.', string(0, '')),
  force: required(bool(2, 'Whether fields are taken from other writers.')),
  fieldManager: required(string(3, 'The name of the writer.')),
}) {}

export class TableOptions extends message('How a table is made.', {
  ...typeMeta,
  includeObject: oneOf(1, 'What goes with each row: nothing, the metadata, the object.', [
    'None',
    'Metadata',
    'Object',
  ]),
}) {}
