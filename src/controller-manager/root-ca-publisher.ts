import type { Component } from '#base';
import { configMaps, namespaces } from '#api';
import { Controller, isNamespaceTerminating } from '#client';
import { isStatusError, joinKey, nameOf, namespaceOf } from '#machinery';
import type { ControllerContext } from './context.ts';
import { copyWith, isSame } from './objects.ts';

const name = 'kube-root-ca.crt';
const descriptionAnnotation = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Puts the cluster's CA certificate into every namespace, where pods find it (`pkg/controller/certificates/rootcacertpublisher`). */
export function rootCaPublisher({ client, informers, clock, log }: ControllerContext, rootCa: string): Component {
  const spaces = informers.of(namespaces);
  const maps = informers.of(configMaps);
  const data = { 'ca.crt': rootCa };
  const write = async (namespace: string): Promise<void> => {
    const known = maps.lister.get(joinKey(namespace, name));
    const annotations = { [descriptionAnnotation]: description };
    if (!known) {
      await client.of(configMaps).create({ metadata: { name, namespace, annotations }, data });
    } else if (!isSame(known.data, data)) {
      const metadata = copyWith(known.metadata, { annotations: { ...known.metadata.annotations, ...annotations } });
      await client.of(configMaps).update(copyWith(known, { metadata, data }));
    }
  };
  const controller = new Controller({
    name: 'root-ca-publisher',
    workers: 1,
    waitFor: [spaces, maps],
    clock,
    log,
    reconcile: async (namespace) => {
      if (spaces.lister.get(namespace)?.status.phase !== 'Active') return;
      try {
        await write(namespace);
      } catch (error) {
        if (!isStatusError(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
      }
    },
  });
  const { queue } = controller;
  spaces.on({ added: (space) => queue.add(nameOf(space)), updated: (_, space) => queue.add(nameOf(space)) });
  const mapNews = (map: { metadata: { name?: string; namespace?: string } }): void => {
    if (map.metadata.name === name) queue.add(namespaceOf(map));
  };
  maps.on({ updated: (_, map) => mapNews(map), deleted: mapNews });
  return controller;
}
