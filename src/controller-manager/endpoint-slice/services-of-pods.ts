import type { Pod, Service } from '#api';
import type { Informer } from '#client';
import { keyOf, namespaceOf, selectorOfMap } from '#machinery';
import { isSame } from '../objects.ts';

interface Options {
  services: Informer<Service>;
  pods: Informer<Pod>;
  /** Called with the key of each service that the news of a pod may matter to. */
  tell: (key: string) => void;
}

/** Tells which services to look at again when a pod came, went, or changed in a way that its endpoints show. */
export function tellServicesOfPods({ services, pods, tell }: Options): void {
  const tellOf = (pod: Pod): void => {
    for (const service of services.lister.inNamespace(namespaceOf(pod))) {
      const { selector } = service.spec;
      if (selector && selectorOfMap(selector).matches(pod.metadata.labels)) tell(keyOf(service));
    }
  };
  pods.on({
    added: tellOf,
    updated: (before, pod) => {
      const relabelled = !isSame(before.metadata.labels, pod.metadata.labels);
      if (!relabelled && isSame(factsOf(before), factsOf(pod))) return;
      if (relabelled) tellOf(before);
      tellOf(pod);
    },
    deleted: tellOf,
  });
}

/** All that an endpoint shows of its pod. */
function factsOf({ metadata, spec, status }: Pod): unknown {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status;
  const { nodeName, hostname, subdomain } = spec;
  const { phase, podIP, podIPs } = status;
  return { ending: metadata.deletionTimestamp, ready, nodeName, hostname, subdomain, phase, podIP, podIPs };
}
