import type { Clock } from '#base';
import { generic, notFound, type KubeObject } from '#machinery';
import { goOn } from './go-on.ts';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';

const namespaces = { group: '', plural: 'namespaces' };
const immortal = new Set(['default', 'kube-system', 'kube-public']);
/** After a namespace's deletion the cache is not trusted to know of it for so long. */
const distrustMs = 30_000;

/** Nothing comes to be in a namespace that is not there, or on its way out (`plugin/namespace/lifecycle`). */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #deletedUntil = new Map<string, number>();

  constructor({ lookup, clock }: { lookup: Lookup; clock: Clock }) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  mutate(attributes: Attributes): void | Promise<void> {
    const { operation, resource, namespace, name } = attributes;
    if (resource.group === '' && resource.plural === 'namespaces') {
      if (operation === 'DELETE') this.#checkDelete(attributes, name);
      return;
    }
    if (!resource.namespaced || operation === 'DELETE') return;
    return goOn(this.#namespace(namespace), (found) => {
      if (!found) throw notFound(namespaces, namespace);
      if (operation === 'CREATE' && isTerminating(found)) throw terminating(attributes);
    });
  }

  #checkDelete(attributes: Attributes, name: string): void {
    if (immortal.has(name)) throw refused(attributes, 'this namespace may not be deleted');
    const now = this.#clock.elapsed();
    for (const [other, until] of this.#deletedUntil) if (until < now) this.#deletedUntil.delete(other);
    this.#deletedUntil.set(name, now + distrustMs);
  }

  #namespace(name: string): KubeObject | Promise<KubeObject | undefined> {
    const until = this.#deletedUntil.get(name);
    if (until !== undefined && until >= this.#clock.elapsed()) return this.#lookup.read(namespaces, '', name);
    return this.#lookup.cached(namespaces, '', name) ?? this.#lookup.read(namespaces, '', name);
  }
}

function isTerminating(namespace: KubeObject & { status?: { phase?: string } }): boolean {
  return namespace.metadata.deletionTimestamp !== undefined || namespace.status?.phase === 'Terminating';
}

function terminating(attributes: Attributes): Error {
  const { namespace } = attributes;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = refused(attributes, why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return generic({
    code: 403,
    reason: 'Forbidden',
    message: status.message ?? '',
    details: { ...status.details, causes: [cause] },
  });
}
