import type { ConfigMap, Pod, Secret } from '#api';
import { isStatusError } from '#machinery';
import { fieldValue, type FieldContext } from '../env/field-ref.ts';
import { containerOfSelector, resourceFieldValue, type ResourceFieldSelector } from '../env/resource-field.ts';
import type { ObjectReader } from '../env/container-env.ts';
import type { FileProjection, Payload } from './atomic-writer.ts';
import type { TokenReader } from './tokens.ts';

type Volume = NonNullable<Pod['spec']['volumes']>[number];
type KeyToPath = { key: string; path: string; mode?: number };

export interface PayloadContext extends FieldContext {
  readonly objects: ObjectReader;
  readonly tokens: TokenReader;
  readonly allocatable: Record<string, string>;
  /** The one user that all containers run as, when they agree: it owns service account tokens. */
  readonly user: number | undefined;
}

/** Whether a volume shows data of the API, which is written by the atomic writer and kept up to date. */
export function isProjection(volume: Volume): boolean {
  return Boolean(volume.configMap ?? volume.secret ?? volume.downwardAPI ?? volume.projected);
}

/**
 * The files of a configMap, secret, downwardAPI or projected volume.
 * @throws Error when something it shows is missing
 */
export async function volumePayload(volume: Volume, context: PayloadContext): Promise<Payload> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return configMapFiles(configMap, configMap.defaultMode ?? 0o644, context);
  if (secret) return secretFiles({ ...secret, name: secret.secretName }, secret.defaultMode ?? 0o644, context);
  if (downwardAPI) return downwardFiles(downwardAPI.items ?? [], downwardAPI.defaultMode ?? 0o644, context);
  if (projected) return projectedFiles(projected, context);
  return new Map();
}

type Projected = NonNullable<Volume['projected']>;

async function projectedFiles(projected: Projected, context: PayloadContext): Promise<Payload> {
  const mode = projected.defaultMode ?? 0o644;
  const files = new Map<string, FileProjection>();
  for (const source of projected.sources ?? []) {
    const part = await sourceFiles(source, mode, context);
    for (const [path, file] of part) files.set(path, file);
  }
  return files;
}

async function sourceFiles(
  source: NonNullable<Projected['sources']>[number],
  mode: number,
  context: PayloadContext,
): Promise<Payload> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) return configMapFiles(configMap, mode, context);
  if (secret) return secretFiles(secret, mode, context);
  if (downwardAPI) return downwardFiles(downwardAPI.items ?? [], mode, context);
  if (!serviceAccountToken) return new Map();
  const { path, audience, expirationSeconds } = serviceAccountToken;
  const token = await context.tokens.token(context.pod, audience ?? '', expirationSeconds ?? 3600);
  const { user } = context;
  // A token for one known user is for nobody else's eyes.
  const file = {
    data: Buffer.from(token),
    mode: user === undefined ? mode : 0o600,
    ...(user !== undefined && { user }),
  };
  return new Map([[path, file]]);
}

interface ObjectSource {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

async function configMapFiles(source: ObjectSource, mode: number, context: PayloadContext): Promise<Payload> {
  const read = context.objects.configMap(context.pod.metadata.namespace ?? '', source.name ?? '');
  const object = await orMissing(read, source.optional);
  return select(
    object ? configMapData(object) : new Map(),
    source,
    mode,
    'configmap references non-existent config key',
  );
}

async function secretFiles(source: ObjectSource, mode: number, context: PayloadContext): Promise<Payload> {
  const read = context.objects.secret(context.pod.metadata.namespace ?? '', source.name ?? '');
  const object = await orMissing(read, source.optional);
  return select(object ? secretData(object) : new Map(), source, mode, 'references non-existent secret key');
}

function configMapData(object: ConfigMap): Map<string, Buffer> {
  const text = Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
  const binary = Object.entries(object.binaryData ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
  );
  return new Map([...text, ...binary]);
}

function secretData(object: Secret): Map<string, Buffer> {
  return new Map(Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

/** All keys, or the chosen ones under their paths. */
function select(data: ReadonlyMap<string, Buffer>, source: ObjectSource, mode: number, missing: string): Payload {
  if (!source.items || source.items.length === 0) {
    return new Map([...data].map(([key, value]) => [key, { data: value, mode }]));
  }
  const files = new Map<string, FileProjection>();
  for (const item of source.items) {
    const value = data.get(item.key);
    if (value) files.set(item.path, { data: value, mode: item.mode ?? mode });
    else if (!source.optional) throw new Error(`${missing}: ${item.key}`);
  }
  return files;
}

interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
  resourceFieldRef?: ResourceFieldSelector;
  mode?: number;
}

function downwardFiles(items: readonly DownwardItem[], defaultMode: number, context: PayloadContext): Payload {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef, mode = defaultMode }) => {
      if (fieldRef) return [path, { data: Buffer.from(fieldValue(fieldRef.fieldPath, context)), mode }];
      if (!resourceFieldRef) return [path, { data: Buffer.alloc(0), mode }];
      const container = containerOfSelector(context.pod, resourceFieldRef.containerName ?? '');
      const value = resourceFieldValue(resourceFieldRef, container, context.allocatable);
      return [path, { data: Buffer.from(value), mode }];
    }),
  );
}

async function orMissing<T>(read: Promise<T>, optional: boolean | undefined): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (optional && isStatusError(error, 'NotFound')) return undefined;
    throw error;
  }
}
