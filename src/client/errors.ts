import { isStatusError } from '#machinery';

/** Whether the server refused a creation because the namespace is on its way out: trying again would not help. */
export function isNamespaceTerminating(error: unknown): boolean {
  if (!isStatusError(error)) return false;
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
}
