import { isDns1123Subdomain, isDns1123SubdomainWithUnderscore, type FieldErrors, type FieldPath } from '#machinery';
import { validateIp } from '../../../meta/v1/ip-validation.ts';
import type { HostAlias, PodDNSConfig, PodSpec } from '../pod-spec.ts';

// What libc's resolver can take.
const maxNameservers = 3;
const maxSearches = 32;
const maxSearchLength = 2048;

/** Who a pod asks for names, and how. */
export function validateDns({ dnsPolicy, dnsConfig }: PodSpec, errors: FieldErrors, path: FieldPath): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return errors.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if (!dnsConfig.nameservers?.length) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return errors.required(path.child('nameservers'), why);
    }
  }
  if (dnsConfig) validateConfig(dnsConfig, errors, path);
}

function validateConfig(config: PodDNSConfig, errors: FieldErrors, path: FieldPath): void {
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > maxNameservers) {
    errors.invalid(path.child('nameservers'), nameservers, `must not have more than ${maxNameservers} nameservers`);
  }
  for (const [at, ip] of nameservers.entries()) validateIp(ip, errors, path.child('nameservers').index(at));
  validateSearches(searches, errors, path.child('searches'));
  for (const [at, { name }] of options.entries()) {
    if (!name) errors.required(path.child('options').index(at), 'must not be empty');
  }
}

function validateSearches(searches: readonly string[], errors: FieldErrors, path: FieldPath): void {
  if (searches.length > maxSearches) {
    errors.invalid(path, searches, `must not have more than ${maxSearches} search paths`);
  }
  if (searches.join(' ').length > maxSearchLength) {
    const why = `must not have more than ${maxSearchLength} characters (including spaces) in the search list`;
    errors.invalid(path, searches, why);
  }
  for (const [at, search] of searches.entries()) {
    if (search === '.') continue;
    const domain = search.replace(/\.$/, '');
    for (const why of isDns1123SubdomainWithUnderscore(domain)) errors.invalid(path.index(at), domain, why);
  }
}

/** Lines of /etc/hosts. */
export function validateHostAliases(aliases: readonly HostAlias[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { ip, hostnames = [] }] of aliases.entries()) {
    const here = path.index(at);
    validateIp(ip, errors, here.child('ip'));
    for (const [index, name] of hostnames.entries()) {
      for (const why of isDns1123Subdomain(name)) errors.invalid(here.child('hostnames').index(index), name, why);
    }
  }
}
