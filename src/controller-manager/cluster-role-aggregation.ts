import type { Component } from '#base';
import { clusterRoles, type ClusterRole } from '#api';
import { Controller } from '#client';
import { nameOf, selectorOf } from '#machinery';
import type { ControllerContext } from './context.ts';
import { isSame } from './objects.ts';

type Rules = NonNullable<ClusterRole['rules']>;

/** Fills ClusterRoles that are made of others: `admin`, `edit` and `view` take in what is labelled for them. */
export function clusterRoleAggregation({ client, informers, clock, log }: ControllerContext): Component {
  const roles = informers.of(clusterRoles);
  const controller = new Controller({
    name: 'clusterrole-aggregation',
    waitFor: [roles],
    clock,
    log,
    reconcile: async (name) => {
      const role = roles.lister.get(name);
      if (!role?.aggregationRule) return;
      const rules = aggregate(role, roles.lister.list());
      if (isSame(rules, role.rules ?? [])) return;
      await client.of(clusterRoles).patch(name, { metadata: { uid: role.metadata.uid }, rules });
    },
  });
  const enqueueAggregates = (): void => {
    for (const role of roles.lister.list()) if (role.aggregationRule) controller.queue.add(nameOf(role));
  };
  roles.on({ added: enqueueAggregates, updated: enqueueAggregates, deleted: enqueueAggregates });
  return controller;
}

/** The rules of all roles that one of the selectors means, each rule once, in the order of the roles' names. */
export function aggregate(role: ClusterRole, all: readonly ClusterRole[]): Rules {
  const rules: Rules = [];
  for (const labelSelector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorOf(labelSelector);
    const chosen = all.filter((one) => nameOf(one) !== nameOf(role) && selector.matches(one.metadata.labels));
    for (const { rules: theirs = [] } of chosen.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
      for (const rule of theirs) if (!rules.some((known) => isSame(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
