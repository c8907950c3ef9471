import { isStatusError } from '#machinery';

/**
 * Runs `attempt` again when the object changed under it (`Conflict`), up to `steps` times in all; `attempt` must read
 * the object anew. Throws what it throws at last.
 */
export async function retryOnConflict<T>(attempt: () => Promise<T>, steps = 5): Promise<T> {
  for (let step = 1; ; step++) {
    try {
      return await attempt();
    } catch (error) {
      if (step >= steps || !isStatusError(error, 'Conflict')) throw error;
    }
  }
}
