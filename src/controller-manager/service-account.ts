import type { Component } from '#base';
import { namespaces, serviceAccounts } from '#api';
import { Controller, isNamespaceTerminating } from '#client';
import { isStatusError, joinKey, nameOf, namespaceOf } from '#machinery';
import type { ControllerContext } from './context.ts';

const accountName = 'default';

/** Sees to it that every namespace has a ServiceAccount `default` (`pkg/controller/serviceaccount`). */
export function serviceAccountController({ client, informers, clock, log }: ControllerContext): Component {
  const spaces = informers.of(namespaces);
  const accounts = informers.of(serviceAccounts);
  const controller = new Controller({
    name: 'serviceaccount',
    workers: 1,
    waitFor: [spaces, accounts],
    clock,
    log,
    reconcile: async (namespace) => {
      if (spaces.lister.get(namespace)?.status.phase !== 'Active') return;
      if (accounts.lister.get(joinKey(namespace, accountName))) return;
      try {
        await client.of(serviceAccounts).create({ metadata: { name: accountName, namespace } });
      } catch (error) {
        if (!isStatusError(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
      }
    },
  });
  const { queue } = controller;
  spaces.on({ added: (space) => queue.add(nameOf(space)), updated: (_, space) => queue.add(nameOf(space)) });
  accounts.on({ deleted: (account) => queue.add(namespaceOf(account)) });
  return controller;
}
