import { decode, encode } from '#wire';
import { NamespaceOption, PodSandboxConfig } from '#cri';
import type { Context } from '../context.ts';
import type { SandboxRecord } from '../store/records.ts';

/** A configuration as it is kept: exact, bytes and all. */
export function packSandboxConfig(config: PodSandboxConfig): string {
  return Buffer.from(encode(PodSandboxConfig, config)).toString('base64');
}

const unpacked = new WeakMap<SandboxRecord, PodSandboxConfig>();

/** The configuration that a sandbox was made from; shared, not to be changed. */
export function sandboxConfig(record: SandboxRecord): PodSandboxConfig {
  let config = unpacked.get(record);
  if (!config) {
    config = decode(PodSandboxConfig, Buffer.from(record.config, 'base64'));
    unpacked.set(record, config);
  }
  return config;
}

/** Which namespaces the containers of a sandbox share. */
export function namespaceOptions(config: PodSandboxConfig): NamespaceOption {
  return config.linux?.securityContext?.namespaceOptions ?? NamespaceOption.of();
}

/** The sandbox of an ID or its beginning. */
export function findSandbox(context: Context, id: string): SandboxRecord | undefined {
  return context.sandboxes.find(id);
}
