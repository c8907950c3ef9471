import { generic, type StatusError } from '../status.ts';
import { describePath, type PathElement } from './path-element.ts';

/** A path that somebody else owns. */
export interface Conflict {
  readonly manager: string;
  readonly path: readonly PathElement[];
}

/** Thrown where a configuration would change what others own. */
export class Conflicts extends Error {
  readonly list: readonly Conflict[];

  constructor(list: readonly Conflict[]) {
    super(`${list.length} conflicts`);
    this.name = 'Conflicts';
    this.list = list;
  }
}

/** 409, with each conflict as a cause; `nameOf` shows a manager (`managedfields/internal/conflict.go`). */
export function conflictStatus({ list }: Conflicts, nameOf: (manager: string) => string): StatusError {
  const causes = list.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${nameOf(manager)}`,
    field: describePath(path),
  }));
  return generic({ code: 409, reason: 'Conflict', message: conflictMessage(list, nameOf), details: { causes } });
}

function conflictMessage(list: readonly Conflict[], nameOf: (manager: string) => string): string {
  const [only] = list;
  if (list.length === 1 && only) {
    return `Apply failed with 1 conflict: conflict with ${nameOf(only.manager)}: ${describePath(only.path)}`;
  }
  const managers = [...new Set(list.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${nameOf(manager)}:`,
    ...list.filter((one) => one.manager === manager).map(({ path }) => `- ${describePath(path)}`),
  ]);
  return `Apply failed with ${list.length} conflicts: ${lines.join('\n')}`;
}
