import { quotaEvaluatorOf, type ResourceQuota } from '#api';
import { isStatusError } from '#machinery';
import { KeyedMutex, type Clock } from '#base';
import type { AdmissionPlugin, Attributes, Lookup } from '../plugin.ts';
import { chargeOf, type Charge } from './charge.ts';

const resourceQuotas = { group: '', plural: 'resourcequotas' };

/** Where quotas are written. */
export interface QuotaLedger {
  /** Changes the status of a quota as it is now, in place. What `change` throws is thrown; NotFound when it is gone. */
  change(namespace: string, name: string, change: (quota: ResourceQuota) => void): Promise<void>;
}

/**
 * Charges what is created to the quotas of its namespace, or refuses it (`plugin/pkg/admission/resourcequota`). A quota is
 * enforced once its controller has counted what is there already. What is charged and then not written is set right by
 * that controller, which counts again from time to time.
 */
export class ResourceQuotaAdmission implements AdmissionPlugin {
  readonly name = 'ResourceQuota';
  readonly #lookup: Lookup;
  readonly #quotas: QuotaLedger;
  readonly #clock: Clock;
  /** Of a namespace one charge goes after the other: none is refused because of another that is. */
  readonly #turns = new KeyedMutex();

  constructor({ lookup, quotas, clock }: { lookup: Lookup; quotas: QuotaLedger; clock: Clock }) {
    this.#lookup = lookup;
    this.#quotas = quotas;
    this.#clock = clock;
  }

  validate(attributes: Attributes): void | Promise<void> {
    const { namespace, resource } = attributes;
    if (namespace === '' || !isCharged(attributes)) return;
    // Namespaces themselves are in no namespace, though their path tells one.
    if (!resource.namespaced || this.#lookup.list(resourceQuotas, namespace).length === 0) return;
    const charge = chargeOf(attributes, this.#clock.now());
    if (charge) return this.#turns.run(namespace, () => this.#charge(attributes, charge));
  }

  async #charge({ namespace, dryRun }: Attributes, charge: Charge): Promise<void> {
    const names = this.#lookup.list(resourceQuotas, namespace).map(({ metadata }) => metadata.name ?? '');
    const quotas = await Promise.all(names.map((name) => this.#lookup.read(resourceQuotas, namespace, name)));
    // All of them first: none is charged when one refuses.
    const charged = (quotas as (ResourceQuota | undefined)[]).filter((quota) => quota && charge.usedAfter(quota));
    if (dryRun) return;
    for (const quota of charged) {
      await this.#write(namespace, quota?.metadata.name ?? '', charge);
    }
  }

  async #write(namespace: string, name: string, charge: Charge): Promise<void> {
    try {
      await this.#quotas.change(namespace, name, (quota) => {
        const used = charge.usedAfter(quota);
        if (used) quota.status.used = used;
      });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error; // a quota that is gone limits nothing
    }
  }
}

/** Creation is charged, and of some kinds what they become. */
function isCharged({ operation, resource, subresource }: Attributes): boolean {
  if (operation === 'CREATE') return subresource === '';
  const { chargedUpdates = [] } = quotaEvaluatorOf(resource);
  return operation === 'UPDATE' && chargedUpdates.includes(subresource);
}
