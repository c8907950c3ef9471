import { bool, int64, list, message, of, oneOf, pointer, required, string } from '#machinery';
import { typeMeta } from './type-meta.ts';

export class ListOptions extends message('ListOptions.', {
  ...typeMeta,
  labelSelector: string(1, 'The label selector.'),
  fieldSelector: string(2, 'The field selector.'),
  watch: bool(3, 'The watch.'),
  allowWatchBookmarks: bool(9, 'The allow watch bookmarks.'),
  resourceVersion: string(4, 'The resource version.'),
  resourceVersionMatch: string(10, 'The resource version match.'),
  timeoutSeconds: pointer(int64(5, 'The timeout seconds.')),
  limit: int64(7, 'The limit.'),
  continue: string(8, 'The continue.'),
  sendInitialEvents: pointer(bool(11, 'The send initial events.')),
  shardSelector: string(15, 'The shard selector.'),
}) {}

export class GetOptions extends message('GetOptions.', {
  ...typeMeta,
  resourceVersion: string(1, 'The resource version.'),
}) {}

export class Preconditions extends message('Preconditions.', {
  uid: pointer(string(1, 'The uid.')),
  resourceVersion: pointer(string(2, 'The resource version.')),
}) {}

export class DeleteOptions extends message('DeleteOptions.', {
  ...typeMeta,
  gracePeriodSeconds: pointer(int64(1, 'The grace period seconds.')),
  preconditions: pointer(of(2, 'The preconditions.', Preconditions)),
  orphanDependents: pointer(bool(3, 'The orphan dependents.')),
  propagationPolicy: pointer(string(4, 'The propagation policy.')),
  dryRun: list(5, 'The dry run.', string(0, '')),
  ignoreStoreReadErrorWithClusterBreakingPotential: pointer(
    bool(6, 'The ignore store read error with cluster breaking potential.'),
  ),
}) {}

export class CreateOptions extends message('CreateOptions.', {
  ...typeMeta,
  dryRun: list(1, 'The dry run.', string(0, '')),
  fieldManager: string(3, 'The field manager.'),
  fieldValidation: string(4, 'The field validation.'),
}) {}

export class UpdateOptions extends message('UpdateOptions.', {
  ...typeMeta,
  dryRun: list(1, 'The dry run.', string(0, '')),
  fieldManager: string(2, 'The field manager.'),
  fieldValidation: string(3, 'The field validation.'),
}) {}

export class PatchOptions extends message('PatchOptions.', {
  ...typeMeta,
  dryRun: list(1, 'The dry run.', string(0, '')),
  force: pointer(bool(2, 'The force.')),
  fieldManager: string(3, 'The field manager.'),
  fieldValidation: string(4, 'The field validation.'),
}) {}

export class ApplyOptions extends message('ApplyOptions.', {
  ...typeMeta,
  dryRun: list(1, 'The dry run.', string(0, '')),
  force: required(bool(2, 'The force.')),
  fieldManager: required(string(3, 'The field manager.')),
}) {}

export class TableOptions extends message('TableOptions.', {
  ...typeMeta,
  includeObject: oneOf(1, 'The include object.', ['None', 'Metadata', 'Object']),
}) {}
