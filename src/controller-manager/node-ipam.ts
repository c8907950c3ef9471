import type { Component } from '#base';
import { nodes, type Node } from '#api';
import { Controller } from '#client';
import { nameOf } from '#machinery';
import type { ControllerContext } from './context.ts';
import { CidrPool } from './cidr-pool.ts';

export interface NodeIpamOptions {
  /** What pods' addresses are taken from; with two families, separated by a comma. */
  clusterCidr: string;
  maskSizeIpv4?: number;
  maskSizeIpv6?: number;
}

/** Gives every node a range of pod addresses of its own (`pkg/controller/nodeipam`). */
export function nodeIpamController(
  { client, informers, events, clock, log }: ControllerContext,
  { clusterCidr, maskSizeIpv4 = 24, maskSizeIpv6 = 64 }: NodeIpamOptions,
): Component {
  const informer = informers.of(nodes);
  const pools = clusterCidr.split(',').map((cidr) => {
    const maskSize = cidr.includes(':') ? maskSizeIpv6 : maskSizeIpv4;
    return new CidrPool(cidr.trim(), maskSize);
  });
  /** A range that was handed out but whose node does not show it yet stays taken. */
  const allocate = (name: string): string[] | undefined => {
    const ranges = pools.map((pool) => pool.allocate(name));
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  };
  const occupy = (node: Node): void => {
    for (const [at, range] of rangesOf(node).entries()) pools[at]?.occupy(range, nameOf(node));
  };
  const controller = new Controller({
    name: 'node-ipam',
    workers: 1,
    waitFor: [informer],
    clock,
    log,
    reconcile: async (name) => {
      const node = informer.lister.get(name);
      if (!node || rangesOf(node).length > 0) return;
      const podCIDRs = allocate(name);
      if (!podCIDRs) {
        events.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
        throw new Error(`no range of ${clusterCidr} is left for node ${name}`);
      }
      await client
        .of(nodes)
        .patch(name, { metadata: { uid: node.metadata.uid }, spec: { podCIDR: podCIDRs[0], podCIDRs } });
    },
  });
  informer.on({
    added: (node) => {
      occupy(node);
      controller.queue.add(nameOf(node));
    },
    updated: (_, node) => {
      occupy(node);
      controller.queue.add(nameOf(node));
    },
    deleted: (node) => {
      for (const pool of pools) pool.release(nameOf(node));
    },
  });
  return controller;
}

function rangesOf({ spec }: Node): string[] {
  if (spec.podCIDRs?.length) return spec.podCIDRs;
  return spec.podCIDR ? [spec.podCIDR] : [];
}
