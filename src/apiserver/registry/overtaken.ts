import { isStatusError } from '#machinery';
import type { RequestContext, Rest, Stored } from './rest.ts';

const maxAttempts = 5;

/**
 * Runs `attempt` again when somebody else wrote, made or removed the object meanwhile, up to five times in all;
 * `attempt` must read anew what it acts on. Throws what it throws at last.
 */
export async function untilNotOvertaken(attempt: () => Promise<void>): Promise<void> {
  for (let left = maxAttempts; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1 || !isStatusError(error, 'AlreadyExists', 'Conflict', 'NotFound')) throw error;
    }
  }
}

/** The object as it is now; undefined when it is not there. */
export async function findNow(rest: Rest, ctx: RequestContext, ns: string, name: string): Promise<Stored | undefined> {
  try {
    return await rest.get(ctx, ns, name);
  } catch (error) {
    if (isStatusError(error, 'NotFound')) return undefined;
    throw error;
  }
}
