import { parseDuration, type FieldErrors, type FieldPath } from '#machinery';
import type { KMSConfiguration } from '../configuration.ts';

interface Among {
  /** The names of the plugins before it; gets this one's. */
  kmsNames: Set<string>;
  automaticReload: boolean;
  errors: FieldErrors;
}

/** What is wrong with the configuration of a plugin (`validateKMSConfiguration`). */
export function validateKms(kms: KMSConfiguration, path: FieldPath, among: Among): void {
  const { errors } = among;
  validateName(kms, path.child('name'), among);
  const { timeout = '3s', cachesize, apiVersion, endpoint } = kms;
  if (parseDuration(timeout) <= 0) errors.invalid(path.child('timeout'), timeout, 'timeout should be a positive value');
  validateEndpoint(endpoint, path.child('endpoint'), errors);
  const cachePath = path.child('cachesize');
  if (apiVersion !== 'v1' && cachesize !== undefined) {
    errors.invalid(cachePath, cachesize, 'cachesize is not supported in v2');
  }
  if (apiVersion === 'v1' && cachesize === 0) {
    errors.invalid(cachePath, cachesize, 'cachesize should be a positive value, or negative to disable');
  }
  if (apiVersion === 'v1' || apiVersion === 'v2') return;
  // Upstream does name the field here, not the version.
  const why = 'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported';
  errors.invalid(path.child('apiVersion'), apiVersion, why);
}

function validateName({ name, apiVersion }: KMSConfiguration, path: FieldPath, among: Among): void {
  const { kmsNames, automaticReload, errors } = among;
  if (name === '') errors.required(path, 'name is a mandatory field for a provider');
  if (apiVersion !== 'v1' && name.includes(':')) {
    errors.invalid(path, name, `invalid KMS provider name ${name}, must not contain ':'`);
  }
  if ((automaticReload || apiVersion !== 'v1') && kmsNames.has(name)) {
    errors.invalid(path, name, `duplicate KMS provider name ${name}, names must be unique`);
  }
  kmsNames.add(name);
}

function validateEndpoint(endpoint: string, path: FieldPath, errors: FieldErrors): void {
  if (endpoint === '') errors.invalid(path, '', 'endpoint is a mandatory field for a kms');
  else if (!endpoint.startsWith('unix:')) {
    const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(endpoint)?.[1]?.toLowerCase() ?? '';
    errors.invalid(path, endpoint, `unsupported scheme "${scheme}" for KMS provider, only unix is supported`);
  }
}
