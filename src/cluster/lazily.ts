/**
 * A function that is loaded, with all that it needs, when it is first called. Loading the whole of this room takes a
 * command 150 ms of processor time, which `kedge up` has better use for until the server and the agents are started.
 */
export function lazily<A extends unknown[], R>(
  load: () => Promise<(...args: A) => Promise<R>>,
): (...args: A) => Promise<R> {
  return async (...args) => (await load())(...args);
}
