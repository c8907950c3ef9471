import type { Warnings } from '#machinery';
import type { DownwardAPIVolumeFile, VolumeProjection } from '../projected-volume.ts';
import type { Volume } from '../volume.ts';

/** A file that is put into a volume, and where it comes from, where that is not clear. */
interface Placed {
  readonly path: string;
  readonly source: string;
}

/** Files of a volume that come to lie upon each other: one hides the other, or the volume cannot be made. */
export function warnOfOverlappingPaths(volumes: readonly Volume[], warnings: Warnings): void {
  for (const volume of volumes) {
    const { name, configMap, secret, downwardAPI, projected } = volume;
    const warn = (description: string, placed: readonly Placed[]): void => {
      for (const [one, other] of overlaps(placed)) {
        const told = `overlapping paths: ${describe(one)} with ${describe(other)}`;
        warnings.add(`volume ${JSON.stringify(name)} (${description}): ${told}`);
      }
    };
    if (configMap) warn(`ConfigMap ${JSON.stringify(configMap.name ?? '')}`, placedBy(configMap.items, ''));
    if (secret) warn(`Secret ${JSON.stringify(secret.secretName ?? '')}`, placedBy(secret.items, ''));
    if (downwardAPI) warn('DownwardAPI', placedBy(downwardAPI.items, ''));
    if (!projected) continue;
    for (const source of projected.sources ?? []) {
      if (Object.values(source).some((one) => one !== undefined)) continue;
      warnings.add(`volume ${JSON.stringify(name)} (Projected) has no sources provided`);
    }
    warn('Projected', (projected.sources ?? []).flatMap(placedBySource));
  }
}

function placedBy(items: readonly Pick<DownwardAPIVolumeFile, 'path'>[] | undefined, source: string): Placed[] {
  return (items ?? []).map(({ path }) => ({ path, source }));
}

function placedBySource(projection: VolumeProjection): Placed[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = projection;
  if (configMap) return placedBy(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`);
  if (secret) return placedBy(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`);
  if (downwardAPI) return placedBy(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return [{ path: serviceAccountToken.path, source: 'ServiceAccountToken' }];
  if (clusterTrustBundle) {
    const name = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? '';
    return [{ path: clusterTrustBundle.path, source: `ClusterTrustBundle ${JSON.stringify(name)}` }];
  }
  const parts: readonly [path: string | undefined, source: string][] = [
    [podCertificate?.certificateChainPath, 'PodCertificate chain'],
    [podCertificate?.keyPath, 'PodCertificate key'],
    [podCertificate?.credentialBundlePath, 'PodCertificate credential bundle'],
  ];
  return parts.flatMap(([path, source]) => (path ? [{ path, source }] : []));
}

/** Each file with those before it that lie in its way. */
function overlaps(placed: readonly Placed[]): [Placed, Placed][] {
  const files = placed.map(({ path, source }) => ({ path: path.replace(/\/+$/, ''), source }));
  return files.flatMap((one, at) =>
    files.slice(0, at).flatMap((other): [Placed, Placed][] => (isInTheWay(one.path, other.path) ? [[one, other]] : [])),
  );
}

function isInTheWay(one: string, other: string): boolean {
  if (one === '' || other === '') return false;
  return `${other}/`.startsWith(`${one}/`) || `${one}/`.startsWith(`${other}/`);
}

function describe({ path, source }: Placed): string {
  return source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
}
