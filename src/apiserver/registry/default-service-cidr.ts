import type { ServiceCIDR } from '#api';
import type { Clock, Logger } from '#base';
import { formatTime, isEqualJson } from '#machinery';
import { systemContext } from './defaults.ts';
import { findNow } from './overtaken.ts';
import type { Rest } from './rest.ts';
import type { StoredObject } from '../watch-cache/index.ts';

const name = 'kubernetes';

export interface DefaultServiceCidrOptions {
  readonly rest: Rest;
  /** The ranges that the server was started with; the first is of the usual family. */
  readonly cidrs: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Makes the ServiceCIDR `kubernetes` be there and ready (`pkg/controlplane/controller/defaultservicecidr`). One that is
 * there stays as it is, but for a second family that it may grow. Answers with the revision to wait for.
 */
export async function ensureDefaultServiceCidr(options: DefaultServiceCidrOptions): Promise<number> {
  const { rest, cidrs, log, signal } = options;
  const context = systemContext(signal);
  const stored = (await findNow(rest, context, '', name)) ?? (await make(options));
  const { spec, status, metadata } = stored.object as ServiceCIDR;
  const own = spec.cidrs ?? [];
  if (cidrs.length === 2 && own.length === 1 && own[0] === cidrs[0]) {
    const grown = { ...stored.object, spec: { ...spec, cidrs } };
    return (await rest.update(context, '', name, grown)).stored.resourceVersion;
  }
  if (!isEqualJson(own, cidrs)) log.warn({ cidrs: own, wanted: cidrs }, 'the default ServiceCIDR has other ranges');
  const isKnown = status.conditions?.some((one) => one.type === 'Ready' && one.status !== 'Unknown') === true;
  const isLeaving = metadata.deletionTimestamp !== undefined;
  if (isEqualJson(own, cidrs) && !isKnown && !isLeaving) await tellReady(options);
  // Until it is said to be ready, it is taken to be.
  return stored.resourceVersion;
}

type Stored = Pick<StoredObject, 'object' | 'resourceVersion'>;

async function make({ rest, cidrs, signal }: DefaultServiceCidrOptions): Promise<Stored> {
  return rest.create(systemContext(signal), '', { metadata: { name }, spec: { cidrs } });
}

async function tellReady({ rest, clock, signal }: DefaultServiceCidrOptions): Promise<void> {
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: '',
    message: 'Kubernetes default Service CIDR is ready',
    lastTransitionTime: formatTime(clock.now()),
  };
  const patch = { status: { conditions: [condition] } };
  const door = rest.subresource('status');
  await door?.patch?.(systemContext(signal), '', name, 'application/strategic-merge-patch+json', patch);
}
