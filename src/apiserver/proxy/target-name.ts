import { badRequest } from '#machinery';

export interface ProxyTarget {
  scheme: 'http' | 'https';
  name: string;
  /** A number or a name; '' where none was given. */
  port: string;
}

/** Splits `name`, `name:port` or `scheme:name:port` of a proxy URL. Throws BadRequest (`util/net.SplitSchemeNamePort`). */
export function splitTarget(text: string, what: string): ProxyTarget {
  const parts = text.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  const known = scheme === '' || scheme === 'http' || scheme === 'https';
  if (parts.length > 3 || name === '' || !known) throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}
