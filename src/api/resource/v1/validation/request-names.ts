import type { FieldErrors, FieldPath } from '#machinery';
import type { DeviceClaim } from '../device-claim.ts';
import { validateSet } from './lists.ts';
import { validateLabel } from './names.ts';

/** The most requests that a claim has. */
export const maxRequests = 32;
const unknown = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** The names by which the requests of a claim are known, and the ways to satisfy them: `gpu`, `gpu/big`. */
export function requestNamesOf({ requests = [] }: DeviceClaim): ReadonlySet<string> {
  const names = requests.flatMap(({ name, firstAvailable = [] }) => [
    name,
    ...firstAvailable.map((one) => `${name}/${one.name}`),
  ]);
  return new Set(names);
}

/** Some of the requests of a claim, each once. */
export function validateRequestNames(
  names: readonly string[] | undefined,
  known: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const check = (name: string, all: FieldErrors, at: FieldPath): void => validateRequestName(name, known, all, at);
  validateSet(names, maxRequests, check, (name) => name, errors, path);
}

/** The name of a request, or of one way to satisfy it. */
export function validateRequestName(
  name: string,
  known: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const parts = name.split('/');
  if (parts.length <= 2) for (const part of parts) validateLabel(part, errors, path);
  if (!known.has(name)) errors.invalid(path, name, unknown);
}
