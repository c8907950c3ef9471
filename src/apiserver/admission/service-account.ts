import { randomInt, randomSuffix, type Clock, type Random } from '#base';
import type { Container, Pod, ServiceAccount, Volume } from '#api';
import { readsSecrets } from './api-references.ts';
import { goOn } from './go-on.ts';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';

const serviceAccounts = { group: '', plural: 'serviceaccounts' };
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
const mirrorAnnotation = 'kubernetes.io/config.mirror';
/** An hour, and a sign that the kubelet may hold on to an older token for longer. */
const tokenSeconds = 3607;
const fileMode = 0o644;
/** The default account of a new namespace is made by a controller, a moment later. */
const defaultAccountTries = 10;

/** Gives a pod its service account, and the volume with its token (`plugin/pkg/admission/serviceaccount`). */
export class ServiceAccountAdmission implements AdmissionPlugin {
  readonly name = 'ServiceAccount';
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ lookup, clock, random }: { lookup: Lookup; clock: Clock; random: Random }) {
    this.#lookup = lookup;
    this.#clock = clock;
    this.#random = random;
  }

  mutate(attributes: Attributes): void | Promise<void> {
    if (!isPodCreation(attributes)) return;
    const pod = attributes.object as Pod;
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return this.validate(attributes);
    const { spec } = pod;
    spec.serviceAccountName ||= 'default';
    spec.serviceAccount = spec.serviceAccountName;
    return goOn(this.#account(attributes, spec.serviceAccountName), (account) => this.#give(pod, account));
  }

  #give(pod: Pod, account: ServiceAccount): void {
    const { spec } = pod;
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) this.#mountToken(pod);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = structuredClone(account.imagePullSecrets);
    }
  }

  validate(attributes: Attributes): void {
    if (!isPodCreation(attributes)) return;
    const pod = attributes.object as Pod;
    if (pod.metadata.annotations?.[mirrorAnnotation] === undefined) return;
    if (pod.spec.serviceAccountName) throw refused(attributes, 'a mirror pod may not reference service accounts');
    if (readsSecrets(pod)) throw refused(attributes, 'a mirror pod may not reference secrets');
    const sources = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
    if (sources.some((source) => source.serviceAccountToken)) {
      throw refused(attributes, 'a mirror pod may not use ServiceAccountToken volume projections');
    }
  }

  #account(attributes: Attributes, name: string): ServiceAccount | Promise<ServiceAccount> {
    return this.#lookup.cached(serviceAccounts, attributes.namespace, name) ?? this.#waitFor(attributes, name);
  }

  async #waitFor(attributes: Attributes, name: string): Promise<ServiceAccount> {
    const { namespace } = attributes;
    for (let tries = 1; ; tries++) {
      const found = await this.#lookup.read(serviceAccounts, namespace, name);
      if (found) return found;
      if (name !== 'default' || tries === defaultAccountTries) break;
      await this.#clock.sleep(50 + randomInt(this.#random, 100));
    }
    const missing = `serviceaccount ${JSON.stringify(name)} not found`;
    throw refused(attributes, `error looking up service account ${namespace}/${name}: ${missing}`);
  }

  #mountToken({ spec }: Pod): void {
    const existing = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix))?.name;
    const name = existing ?? volumePrefix + randomSuffix(this.#random);
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    const mounted = containers.map((container) => mount(container, name));
    if (!existing && mounted.includes(true)) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
  }
}

function isPodCreation({ operation, resource, subresource }: Attributes): boolean {
  return operation === 'CREATE' && resource.group === '' && resource.plural === 'pods' && subresource === '';
}

/** False when the container has something of its own there. */
function mount(container: Container, name: string): boolean {
  if (container.volumeMounts?.some((one) => one.mountPath === mountPath)) return false;
  container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  return true;
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: fileMode,
    },
  };
}
