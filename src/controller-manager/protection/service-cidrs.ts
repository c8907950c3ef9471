import ipaddr from 'ipaddr.js';
import type { Component } from '#base';
import { ipAddresses, serviceCIDRs, type IPAddress, type ServiceCIDR } from '#api';
import { isDeleting, nameOf, parseTime } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { conditionOf, withCondition } from '../objects.ts';
import { protectionController } from './protection.ts';

/** So long after somebody wants a range gone, an API server that did not hear of it may still give addresses of it. */
const graceMs = 10_000;

const strategic = 'application/strategic-merge-patch+json';
const ready = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' };
const terminating = {
  type: 'Ready',
  status: 'False',
  reason: 'Terminating',
  message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
};

/**
 * A range of Services' addresses is in use while one of them is of no other range (`pkg/controller/servicecidrs`).
 * Of each range it says whether addresses of it are given out.
 */
export function serviceCidrProtection({ client, informers, clock, log }: ControllerContext): Component {
  const ranges = informers.of(serviceCIDRs);
  const addresses = informers.of(ipAddresses);
  const tell = async (range: ServiceCIDR, condition: typeof ready): Promise<void> => {
    const known = conditionOf(range.status.conditions, 'Ready');
    if (known && says(known) === says(condition)) return;
    const [stamped] = withCondition(known && [known], { lastTransitionTime: '', ...condition }, clock);
    const patch = { metadata: { uid: range.metadata.uid }, status: { conditions: [stamped] } };
    // Merged by type: others may have conditions of their own.
    await client.of(serviceCIDRs).patch(nameOf(range), patch, { subresource: 'status', type: strategic });
  };
  const controller = protectionController({
    name: 'service-cidr-protection',
    resource: serviceCIDRs,
    finalizer: 'networking.k8s.io/service-cidr-finalizer',
    protected: ranges,
    waitFor: [addresses],
    tend: (range) => tell(range, ready),
    async isUsed(range) {
      const staying = ranges.lister.list().filter((one) => !isDeleting(one));
      if (leavesOrphans(range, staying, addresses.lister.list())) {
        await tell(range, terminating);
        return true;
      }
      const left = parseTime(range.metadata.deletionTimestamp ?? '') + graceMs - clock.now();
      if (left > 0) controller.queue.addAfter(nameOf(range), left);
      return left > 0;
    },
    client,
    clock,
    log,
  });
  /** Whatever comes or goes may be what those that are to go wait for. */
  const look = (): void => {
    for (const range of ranges.lister.list()) if (isDeleting(range)) controller.queue.add(nameOf(range));
  };
  ranges.on({ added: look });
  addresses.on({ deleted: look });
  return controller;
}

function says({ status, reason = '', message = '' }: Partial<typeof ready>): string {
  return [status, reason, message].join('\n');
}

/** Whether an address of a Service would be of no range any more. */
function leavesOrphans(range: ServiceCIDR, others: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const outer = others.flatMap(({ spec }) => spec.cidrs ?? []);
  const own = (range.spec.cidrs ?? []).filter((cidr) => !outer.some((one) => contains(one, cidr)));
  return addresses.some((address) => {
    const ip = nameOf(address);
    const isGivenOut = address.metadata.labels?.['ipaddress.kubernetes.io/managed-by'] === 'ipallocator.k8s.io';
    return isGivenOut && own.some((cidr) => contains(cidr, ip)) && !outer.some((cidr) => contains(cidr, ip));
  });
}

/** Whether a range has an address, or all of another range. */
function contains(cidr: string, inner: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const [address, innerBits] = inner.includes('/') ? ipaddr.parseCIDR(inner) : [ipaddr.parse(inner), 128];
  return network.kind() === address.kind() && bits <= innerBits && address.match(network, bits);
}
