import type { Container, LimitRange, Pod } from '#api';

type Texts = Readonly<Record<string, string>>;

const annotation = 'kubernetes.io/limit-ranger';

/** Gives containers the requests and limits that they do not tell, and notes down on the pod which. */
export function setContainerDefaults(pod: Pod, { spec: { limits } }: LimitRange): void {
  const items = limits.filter(({ type }) => type === 'Container');
  const defaults = {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as Texts,
    limits: Object.assign({}, ...items.map((item) => item.default)) as Texts,
  };
  const notes = [
    ...pod.spec.containers.flatMap((one) => complete(one, defaults, 'container')),
    ...(pod.spec.initContainers ?? []).flatMap((one) => complete(one, defaults, 'init container')),
  ];
  if (notes.length === 0) return;
  const note = `LimitRanger plugin set: ${notes.join('; ')}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: note };
}

function complete(container: Container, defaults: { requests: Texts; limits: Texts }, what: string): string[] {
  const set = (['requests', 'limits'] as const).map((which) => {
    const missing = Object.keys(defaults[which]).filter((name) => container.resources?.[which]?.[name] === undefined);
    if (missing.length === 0) return [];
    container.resources = { ...container.resources, [which]: { ...defaults[which], ...container.resources?.[which] } };
    return [`${missing.sort().join(', ')} ${which === 'requests' ? 'request' : 'limit'} for ${what} ${container.name}`];
  });
  return set.flat();
}
