import { decode, encode } from '#wire';
import { ContainerConfig, CriError } from '#cri';
import type { Context } from '../context.ts';
import type { ContainerRecord } from '../store/records.ts';

/** A configuration as it is kept: exact, bytes and all. */
export function packContainerConfig(config: ContainerConfig): string {
  return Buffer.from(encode(ContainerConfig, config)).toString('base64');
}

const unpacked = new Map<string, ContainerConfig>();

/** The configuration that a container was made from; shared, not to be changed. */
export function containerConfig(record: Pick<ContainerRecord, 'id' | 'config'>): ContainerConfig {
  let config = unpacked.get(record.id);
  if (!config) {
    config = decode(ContainerConfig, Buffer.from(record.config, 'base64'));
    unpacked.set(record.id, config);
  }
  return config;
}

/** Forgets the configuration of a container that is gone. */
export function forgetConfig(id: string): void {
  unpacked.delete(id);
}

/** The container of an ID or its beginning; throws `NotFound`. */
export function requireContainer(context: Context, id: string): ContainerRecord {
  const record = context.containers.find(id);
  if (!record) throw new CriError('NotFound', `an error occurred when try to find container "${id}": not found`);
  return record;
}

/** As `requireContainer`, and it must run. */
export function requireRunning(context: Context, id: string): ContainerRecord {
  const record = requireContainer(context, id);
  if (record.startedAtMs === undefined || record.finishedAtMs !== undefined)
    throw new CriError('Unknown', `container "${record.id}" is not running`);
  return record;
}
