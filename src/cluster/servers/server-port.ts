/** In its own network namespace every server has the port to itself. */
export const serverPort = 6443;
