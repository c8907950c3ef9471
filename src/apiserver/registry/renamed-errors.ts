import { StatusError, type Resource } from '#machinery';

/**
 * What goes wrong with an object that is stored as another group's tells of the resource that was asked for: `events.events.k8s.io
 * "x" not found`. Rejects with everything else as it is.
 */
export async function inGroupOf<T>({ group, plural }: Resource, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { details, message = '' } = error.status;
    if (details?.kind !== plural || (details.group ?? '') === group) throw error;
    const told = message.replace(`${plural} "`, `${plural}.${group} "`);
    throw new StatusError({ ...error.status, message: told, details: { ...details, group } }, { cause: error });
  }
}
