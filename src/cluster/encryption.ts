import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { silentLogger, type Logger } from '#base';
import type { Encryption } from '#apiserver';
import { writeConfig, type ClusterConfig, type EncryptionConfig } from './config.ts';
import type { Machine, Report } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import type { ClusterRequest } from './request.ts';
import { stopServer } from './stop-server.ts';

/** Reads the file that says which objects are sealed in the store. Throws what is wrong with it, in upstream's words. */
export async function loadEncryption(
  { file, automaticReload }: Pick<EncryptionConfig, 'file' | 'automaticReload'>,
  { clock, random }: Pick<Machine, 'clock' | 'random'>,
  log: Logger,
): Promise<Encryption> {
  const { Encryption: Loading } = await import('#apiserver');
  return Loading.load({ configPath: file, automaticReload, clock, random, log });
}

/** Throws when a request names a file that is wrong, before anything is touched. */
export async function checkEncryption(machine: Machine, request: ClusterRequest): Promise<void> {
  const asked = askedOf(request);
  if (asked) await loadEncryption(asked, machine, silentLogger);
}

/** The configuration with the file that a request names, or without one; a server that runs with another ends. */
export async function settleEncryption(
  machine: Machine,
  paths: ClusterPaths,
  config: ClusterConfig,
  { request, report }: { request: ClusterRequest; report: Report },
): Promise<ClusterConfig> {
  if (request.encryptionProviderConfig === undefined) return config;
  const { encryption: known, ...rest } = config;
  const asked = await configOf(request);
  if (isSame(known, asked)) return config;
  const settled = { ...rest, ...(asked && { encryption: asked }) };
  await writeConfig(paths, settled);
  await stopServer(machine, paths, report, 'to start with other encryption');
  return settled;
}

async function configOf(request: ClusterRequest): Promise<EncryptionConfig | undefined> {
  const asked = askedOf(request);
  if (!asked) return undefined;
  const hash = createHash('sha256').update(await readFile(asked.file));
  return { ...asked, hash: hash.digest('hex') };
}

/** A file that is followed may say something else: the server will see it by itself. */
function isSame(known: EncryptionConfig | undefined, asked: EncryptionConfig | undefined): boolean {
  if (!known || !asked) return known === asked;
  const { file, automaticReload, hash } = known;
  return file === asked.file && automaticReload === asked.automaticReload && (automaticReload || hash === asked.hash);
}

function askedOf(request: ClusterRequest): Omit<EncryptionConfig, 'hash'> | undefined {
  const { encryptionProviderConfig: file, encryptionProviderConfigAutomaticReload: automaticReload = false } = request;
  return file ? { file, automaticReload } : undefined;
}
