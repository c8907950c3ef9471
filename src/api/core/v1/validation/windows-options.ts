import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type { PlacedContainer } from '../placed-containers.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { WindowsSecurityContextOptions } from '../security-context.ts';

const maxSpecKib = 64;

/** What concerns Windows alone, of a pod or of a container. */
export function validateWindowsOptions(
  options: WindowsSecurityContextOptions,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName } = options;
  for (const why of name === undefined ? [] : isDns1123Subdomain(name)) {
    errors.invalid(path.child('gmsaCredentialSpecName'), name, why);
  }
  const at = path.child('gmsaCredentialSpec');
  if (spec === '') errors.invalid(at, spec, 'gmsaCredentialSpec cannot be an empty string');
  else if (Buffer.byteLength(spec ?? '') > maxSpecKib * 1024) {
    errors.invalid(at, spec, `gmsaCredentialSpec size must be under ${maxSpecKib} KiB`);
  }
  for (const why of runAsUserName === undefined ? [] : userNameProblems(runAsUserName)) {
    errors.invalid(path.child('runAsUserName'), runAsUserName, `runAsUserName${why}`);
  }
}

const maxDomain = 256;
const maxUser = 104;
const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

function userNameProblems(name: string): string[] {
  if (name === '') return [' cannot be an empty string'];
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return [' cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return [' cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  return [...(parts.length === 2 ? domainProblems(parts[0] ?? '') : []), ...userProblems(user)];
}

function domainProblems(domain: string): string[] {
  const problems = domain.length < maxDomain ? [] : [`'s Domain length must be under ${maxDomain} characters`];
  if (netBiosName.test(domain) || dnsName.test(domain)) return problems;
  return [...problems, "'s Domain doesn't match the NetBios nor the DNS format"];
}

function userProblems(user: string): string[] {
  const problems: string[] = [];
  if (user === '') problems.push("'s User cannot be empty");
  if (user.length > maxUser) problems.push(`'s User length must not be longer than ${maxUser} characters`);
  if (/^[. ]+$/.test(user)) problems.push("'s User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    problems.push(`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return problems;
}

/** Of a pod all containers are processes of the host, or none. */
export function validateHostProcess(
  spec: PodSpec,
  containers: readonly PlacedContainer[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  let count = 0;
  for (const { container, path: at } of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (own ?? ofPod) count++;
    if (ofPod === undefined || own === undefined || own === ofPod) continue;
    const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
    errors.invalid(at.child('securityContext', 'windowsOptions', 'hostProcess'), own, why);
  }
  if (count === 0) return;
  if (count < containers.length) {
    const why = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.invalid(path, '', why);
  }
  if (spec.hostNetwork) return;
  errors.invalid(
    path.child('hostNetwork'),
    false,
    'hostNetwork must be true if pod contains any hostProcess containers',
  );
}
