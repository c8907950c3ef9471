import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CriError, type PodSandboxConfig, type RunPodSandboxRequest, type RunPodSandboxResponse } from '#cri';
import { newId, type Context } from '../context.ts';
import { mount } from '../native/libc.ts';
import type { SandboxRecord } from '../store/records.ts';
import { sendSandboxEvent } from '../status/send-event.ts';
import { makeNamespaces, startHolder, type NamespaceName, type NamespaceSetup } from './namespaces.ts';
import { namespaceOptions, packSandboxConfig } from './sandbox-config.ts';
import { discardSandbox } from './stop-pod-sandbox.ts';

const shmBytes = 64 << 20;

/**
 * Makes what the containers of a pod share: network, hostname, IPC, their files. It is written down before it is made,
 * so that whatever happens meanwhile it is found and removed.
 */
export async function runPodSandbox(context: Context, request: RunPodSandboxRequest): Promise<RunPodSandboxResponse> {
  const { config } = request;
  if (!config?.metadata) throw new CriError('InvalidArgument', 'sandbox config must have metadata');
  checkHandler(request.runtimeHandler);
  const startedMs = context.clock.now();
  const record = newRecord(context, config, request.runtimeHandler);
  try {
    await context.sandboxes.put({ ...record, stopped: true }); // not ready before it is
    await makeSandbox(context, record, config);
  } catch (error) {
    await discardSandbox(context, record);
    throw error;
  }
  const pod = `${config.metadata.namespace}/${config.metadata.name}`;
  context.log.info({ pod, sandbox: record.id, ip: record.ip, ms: context.clock.now() - startedMs }, 'sandbox made');
  sendSandboxEvent(context, record.id, 'CONTAINER_CREATED_EVENT');
  sendSandboxEvent(context, record.id, 'CONTAINER_STARTED_EVENT');
  return { podSandboxId: record.id };
}

function checkHandler(handler: string): void {
  if (handler !== '' && handler !== 'runc')
    throw new CriError('Unknown', `failed to get sandbox runtime: no runtime for "${handler}" is configured`);
}

function newRecord(context: Context, config: PodSandboxConfig, runtimeHandler: string): SandboxRecord {
  const { network } = namespaceOptions(config);
  const id = newId(context);
  const address = network === 'NODE' ? undefined : context.network.allocate();
  return {
    id,
    config: packSandboxConfig(config),
    runtimeHandler,
    createdAtMs: context.clock.now(),
    stopped: false,
    network,
    ...(address && { ip: address.ip, link: `kp${id.slice(0, 13)}` }),
    cgroupParent: config.linux?.cgroupParent || context.options.cgroupParent,
  };
}

async function makeSandbox(context: Context, record: SandboxRecord, config: PodSandboxConfig): Promise<void> {
  const folder = context.paths.sandbox(record.id);
  await mkdir(folder, { recursive: true });
  const bridge = record.link ? context.network.ensureBridge() : Promise.resolve();
  const [holder] = await allMade([
    makeHolder(context, record, config, folder),
    bridge.then(() => makeNamespaces(folder, namespaceSetup(context, record, config))),
    writeFiles(context, config, folder),
    makeShm(config, folder),
  ]);
  if (record.link) await context.network.connect(record.link);
  if (record.ip) await context.network.hostPorts.add(record.ip, config.portMappings);
  await context.sandboxes.put({ ...record, ...(holder && { holder }) });
}

/** Waits for all, also when one fails: what the others make must be there by then, to be taken back. */
async function allMade<T extends readonly Promise<unknown>[]>(
  making: readonly [...T],
): ReturnType<typeof Promise.all<T>> {
  await Promise.allSettled(making);
  return Promise.all(making);
}

function namespaceSetup(context: Context, record: SandboxRecord, config: PodSandboxConfig): NamespaceSetup {
  const names: NamespaceName[] = namespaceOptions(config).ipc === 'NODE' ? [] : ['ipc'];
  const sysctls = Object.entries(config.linux?.sysctls ?? {}).map(
    ([name, value]) => [sysctlFile(name), value] as const,
  );
  if (!record.ip || !record.link) return { names, sysctls, commands: [] };
  return {
    names: [...names, 'net', 'uts'],
    sysctls: [
      ['/proc/sys/kernel/hostname', config.hostname || context.machine.hostname],
      // a pod's ports are its own, so low ones need no privilege; so has containerd 2
      ['/proc/sys/net/ipv4/ip_unprivileged_port_start', '0'],
      ['/proc/sys/net/ipv4/ping_group_range', '0 2147483647'],
      ...sysctls,
    ],
    commands: ['link set lo up', ...context.network.podCommands(record.link, record.ip, context.network.gateway)],
  };
}

/** Names are written with dots or slashes; where slashes part, dots belong to names. */
function sysctlFile(name: string): string {
  const path = name.includes('/') ? name : name.replaceAll('.', '/');
  if (path.split('/').includes('..')) throw new CriError('InvalidArgument', `invalid sysctl "${name}"`);
  return join('/proc/sys', path);
}

async function makeHolder(
  context: Context,
  record: SandboxRecord,
  config: PodSandboxConfig,
  folder: string,
): Promise<SandboxRecord['holder']> {
  if (namespaceOptions(config).pid !== 'POD') return undefined;
  const holder = await startHolder(folder);
  await context.sandboxes.put({ ...record, stopped: true, holder });
  return holder;
}

/** `resolv.conf` as the kubelet wants it, or the node's own; and the host name. */
async function writeFiles(context: Context, config: PodSandboxConfig, folder: string): Promise<void> {
  const hostname = config.hostname || context.machine.hostname;
  const { dnsConfig } = config;
  const writes = [writeFile(join(folder, 'hostname'), `${hostname}\n`)];
  if (dnsConfig) {
    const lines = [
      ...(dnsConfig.searches.length > 0 ? [`search ${dnsConfig.searches.join(' ')}`] : []),
      ...dnsConfig.servers.map((server) => `nameserver ${server}`),
      ...(dnsConfig.options.length > 0 ? [`options ${dnsConfig.options.join(' ')}`] : []),
    ];
    writes.push(writeFile(join(folder, 'resolv.conf'), `${lines.join('\n')}\n`));
  }
  await Promise.all(writes);
}

/** Shared memory goes with the IPC namespace. */
async function makeShm(config: PodSandboxConfig, folder: string): Promise<void> {
  if (namespaceOptions(config).ipc === 'NODE') return;
  const shm = join(folder, 'shm');
  await mkdir(shm);
  const noSuidDevExec = 2 | 4 | 8;
  mount('shm', shm, 'tmpfs', noSuidDevExec, `mode=1777,size=${shmBytes}`);
}
