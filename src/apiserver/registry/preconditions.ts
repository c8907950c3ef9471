import { conflict, type KubeMeta, type Resource, type StatusError } from '#machinery';
import type { DeleteOptions } from './rest.ts';

type Named = Pick<Resource, 'group' | 'plural' | 'kindName'>;

/** Upstream deletes them in a way of their own, and tells it in other words. */
const deletedTheirOwnWay: ReadonlySet<string> = new Set([
  'namespaces.',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

/** Throws Conflict where the object is not the one that the caller means. */
export function checkPreconditions(
  resource: Named,
  preconditions: DeleteOptions['preconditions'],
  { name = '', uid = '', resourceVersion = '' }: KubeMeta,
): void {
  if (!preconditions) return;
  const isOwnWay = deletedTheirOwnWay.has(`${resource.plural}.${resource.group}`);
  const failed = isOwnWay ? failedInStorage : failedInRecord;
  if ((preconditions.uid ?? uid) !== uid) {
    throw failed(resource, name, {
      what: 'UID',
      wanted: preconditions.uid,
      found: uid,
      fate: 'deleted and then recreated',
    });
  }
  if ((preconditions.resourceVersion ?? resourceVersion) !== resourceVersion) {
    const wanted = preconditions.resourceVersion;
    throw failed(resource, name, { what: 'ResourceVersion', wanted, found: resourceVersion, fate: 'modified' });
  }
}

interface Failure {
  readonly what: string;
  readonly wanted: string | undefined;
  readonly found: string;
  /** What may have happened to the object. */
  readonly fate: string;
}

/** Upstream names the kind here, not the resource. */
function failedInRecord({ group, kindName }: Named, name: string, { what, wanted, found, fate }: Failure): StatusError {
  const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found})`;
  return conflict({ group, plural: kindName }, name, `${why}. The object might have been ${fate}`);
}

function failedInStorage(resource: Named, name: string, { what, wanted, found }: Failure): StatusError {
  const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
  return conflict(resource, name, why);
}
