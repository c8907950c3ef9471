/** Goes on with what is there already, in the same turn; a promise only where it has to come first. */
export function goOn<T, R>(value: T | Promise<T>, use: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(use) : use(value);
}
