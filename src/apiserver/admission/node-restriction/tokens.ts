import { csiDrivers, persistentVolumeClaims, persistentVolumes, pods } from '#api';
import type { CSIDriver, PersistentVolume, PersistentVolumeClaim, Pod, TokenRequest, Volume } from '#api';
import type { Lookup } from '../plugin.ts';
import { refused } from '../refused.ts';
import { notCached, type NodeWrite } from './node-write.ts';

/** A kubelet gets tokens for its own pods only, and for who the pod's volumes say is to read them. */
export async function judgeToken(write: NodeWrite, { spec }: TokenRequest): Promise<void> {
  const { node, attributes, lookup } = write;
  const { apiVersion, kind, name, uid } = spec.boundObjectRef ?? {};
  const refuse = (why: string): Error => refused(attributes, why);
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name) throw refuse('node requested token not bound to a pod');
  if (!uid) throw refuse('node requested token with a pod binding without a uid');
  const pod = (await lookup.read(pods, attributes.namespace, name)) as Pod | undefined;
  if (!pod) throw notCached('pod', name);
  if (uid !== pod.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw refuse(why);
  }
  if (pod.spec.nodeName !== node) throw refuse('node requested token bound to a pod scheduled on a different node');
  const [audience = '', more] = spec.audiences ?? [];
  if (more !== undefined) throw refuse('node may only request 0 or 1 audiences');
  if ((await isInVolumes(lookup, pod, audience)) || mayAsk(write, audience)) return;
  const asked = `audience ${JSON.stringify(audience)} not found in pod spec volume`;
  throw refuse(`${asked}, ${attributes.user.name} is not authorized to request tokens for this audience`);
}

function mayAsk({ attributes, authorizer }: NodeWrite, audience: string): boolean {
  const { user, namespace, name } = attributes;
  const asked = { group: '', version: 'v1', resource: audience, subresource: '', namespace, name, path: '' };
  const verb = 'request-serviceaccounts-token-audience';
  return authorizer().authorize({ user, verb, isResourceRequest: true, ...asked }).allowed;
}

async function isInVolumes(lookup: Lookup, pod: Pod, audience: string): Promise<boolean> {
  for (const volume of pod.spec.volumes ?? []) {
    const tokens = (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) => token ?? []);
    if (tokens.some((token) => (token.audience ?? '') === audience)) return true;
    const name = await driverOf(lookup, pod, volume);
    const driver = name ? ((await lookup.read(csiDrivers, '', name)) as CSIDriver | undefined) : undefined;
    if (driver?.spec.tokenRequests?.some((request) => request.audience === audience)) return true;
  }
  return false;
}

/** The CSI driver behind a volume, which may want tokens of the pod. */
async function driverOf(lookup: Lookup, { metadata }: Pod, volume: Volume): Promise<string | undefined> {
  if (volume.csi) return volume.csi.driver;
  const claimName = volume.ephemeral ? `${metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;
  if (!claimName) return undefined;
  const claim = await lookup.read(persistentVolumeClaims, metadata.namespace ?? '', claimName);
  const { volumeName } = (claim as PersistentVolumeClaim | undefined)?.spec ?? {};
  if (!volumeName) return undefined;
  const found = (await lookup.read(persistentVolumes, '', volumeName)) as PersistentVolume | undefined;
  return found?.spec.csi?.driver;
}
