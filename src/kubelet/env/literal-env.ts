import type { Container } from '#api';

/** The variables of a container that are written out in its spec: what exec probes and their like may refer to. */
export function literalEnvironment(container: Container): Map<string, string> {
  return new Map((container.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
