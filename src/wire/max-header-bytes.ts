/**
 * What a request line and headers may be together, as Go's servers take them (`http.DefaultMaxHeaderBytes`): the command of
 * an exec is in the URL.
 */
export const maxHeaderBytes = 2 ** 20;
