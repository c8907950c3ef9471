import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hasCode, messageOf } from '#base';
import { decode, isObject, readYaml } from '#machinery';
import { yamlProblem } from '../registry/body.ts';
import { EncryptionConfiguration } from './configuration.ts';
import { aggregate } from './prefix-transformers.ts';
import { validateConfiguration } from './validate-configuration.ts';

const apiVersion = 'apiserver.config.k8s.io/v1';
const kind = 'EncryptionConfiguration';

export interface LoadedConfiguration {
  readonly configuration: EncryptionConfiguration;
  /** Of the file's bytes. */
  readonly hash: string;
}

/** Reads a configuration file (`server/options/encryptionconfig/config.go`). Throws what is wrong with it, in upstream's words. */
export async function loadConfiguration(path: string, automaticReload: boolean): Promise<LoadedConfiguration> {
  try {
    const data = await readConfiguration(path);
    const configuration = await decodeConfiguration(path, data);
    const errors = validateConfiguration(configuration, automaticReload);
    if (!errors.empty) throw new Error(aggregate(errors.list.map(({ field, message }) => `${field}: ${message}`)));
    return { configuration, hash: hashOf(data) };
  } catch (error) {
    throw new Error(`error while parsing file: ${messageOf(error)}`, { cause: error });
  }
}

/** The hash of what the file says now. Throws when it says nothing. */
export async function configurationHash(path: string): Promise<string> {
  return hashOf(await readConfiguration(path));
}

async function readConfiguration(path: string): Promise<Buffer> {
  const data = await readFile(path).catch((error: unknown) => {
    const why = hasCode(error, 'ENOENT') ? `open ${path}: no such file or directory` : messageOf(error);
    const about = `error reading encryption provider configuration file "${path}"`;
    throw new Error(`error while loading file: ${about}: ${why}`, { cause: error });
  });
  if (data.length > 0) return data;
  throw new Error(`error while loading file: encryption provider configuration file "${path}" is empty`);
}

function hashOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

async function decodeConfiguration(path: string, data: Buffer): Promise<EncryptionConfiguration> {
  try {
    const { documents, doubledKeys } = await readYaml(data.toString());
    const [document] = documents;
    checkKind(document, data.toString());
    const { object, unknownFields } = decode(EncryptionConfiguration, document);
    const problems = doubledKeys.length > 0 ? [yamlProblem(doubledKeys)] : [];
    problems.push(...unknownFields.map((field) => `unknown field "${field}"`));
    if (problems.length > 0) throw new Error(`strict decoding error: ${problems.join(', ')}`);
    return withDefaults(object);
  } catch (error) {
    const about = `error decoding encryption provider configuration file "${path}"`;
    throw new Error(`${about}: ${messageOf(error)}`, { cause: error });
  }
}

function checkKind(document: unknown, text: string): void {
  if (!isObject(document)) throw new Error("couldn't get version/kind; json parse error: it is no object");
  const { kind: given = '', apiVersion: version = '' } = document;
  if (given === '') throw new Error(`Object 'Kind' is missing in '${text}'`);
  if (version === '') throw new Error(`Object 'apiVersion' is missing in '${text}'`);
  if (given === kind && version === apiVersion) return;
  throw new Error(`no kind "${String(given)}" is registered for version "${String(version)}"`);
}

/** `SetDefaults_KMSConfiguration`. */
function withDefaults(configuration: EncryptionConfiguration): EncryptionConfiguration {
  for (const { providers } of configuration.resources) {
    for (const { kms } of providers) {
      if (!kms) continue;
      kms.timeout ??= '3s';
      kms.apiVersion ||= 'v1';
      if (kms.apiVersion === 'v1') kms.cachesize ??= 1000;
    }
  }
  return configuration;
}
