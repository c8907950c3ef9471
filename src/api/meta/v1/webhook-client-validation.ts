import { isDns1123Subdomain, isPortNumber, type FieldErrors, type FieldPath } from '#machinery';

const form = '; desired format: https://host[/path]';

/** How a webhook is called, whoever calls it. */
interface Client {
  url?: string;
  service?: { namespace: string; name: string; path?: string; port?: number };
}

/** A webhook is called by its URL, or behind a Service (`apiserver/pkg/util/webhook/validation.go`). */
export function validateWebhookClient({ url, service }: Client, errors: FieldErrors, path: FieldPath): void {
  if ((url === undefined) === (service === undefined)) {
    errors.ignoreSchemaAt(path);
    errors.required(path, 'exactly one of url or service is required');
  } else if (url !== undefined) validateUrl(url, errors, path.child('url'));
  else if (service) validateService(service, errors, path.child('service'));
}

function validateUrl(text: string, errors: FieldErrors, path: FieldPath): void {
  // Go reads what names no scheme as a URL without one, and without a host.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) {
    errors.invalid(path, '', `'https' is the only allowed URL scheme${form}`);
    return errors.invalid(path, '', `host must be specified${form}`);
  }
  const url = URL.parse(text);
  if (!url) return errors.required(path, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URI${form}`);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'https') errors.invalid(path, scheme, `'https' is the only allowed URL scheme${form}`);
  if (url.host === '') errors.invalid(path, '', `host must be specified${form}`);
  const user = [url.username, ...(url.password === '' ? [] : [url.password])].join(':');
  if (user !== '') errors.invalid(path, user, 'user information is not permitted in the URL');
  if (url.hash.length > 1) errors.invalid(path, url.hash.slice(1), 'fragments are not permitted in the URL');
  if (url.search.length > 1) errors.invalid(path, url.search.slice(1), 'query parameters are not permitted in the URL');
}

function validateService(service: NonNullable<Client['service']>, errors: FieldErrors, path: FieldPath): void {
  const { name, namespace, port = 443, path: url } = service;
  errors.ignoreSchemaAt(path);
  // Upstream's callers pass the two the other way round.
  if (namespace === '') errors.required(path.child('name'));
  if (name === '') errors.required(path.child('namespace'));
  const problems = isPortNumber(port);
  if (problems.length > 0) errors.invalid(path.child('port'), port, `port is not valid: ${problems.join(', ')}`);
  if (url !== undefined && url !== '' && url !== '/') validateUrlPath(url, errors, path.child('path'));
}

function validateUrlPath(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text === '//') return errors.invalid(path, text, 'segment[0] may not be empty');
  if (!text.startsWith('/')) errors.invalid(path, text, "must start with a '/'");
  for (const [at, step] of text.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') errors.invalid(path, text, `segment[${at}] may not be empty`);
    else for (const why of isDns1123Subdomain(step)) errors.invalid(path, text, `segment[${at}]: ${why}`);
  }
}
