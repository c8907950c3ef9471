import { json } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { AuthConfig } from '#cri';
import type { Connector } from './connector.ts';

/** What to show a registry. */
export interface Credentials {
  username: string;
  password: string;
  /** Exchanged for a token (OAuth 2 refresh token). */
  identityToken: string;
  /** A bearer token as it is. */
  registryToken: string;
}

/** Reads the credentials of CRI; those meant for another server are none. Throws when they cannot be read. */
export function credentialsOf(auth: Partial<AuthConfig> | undefined, host: string): Credentials | undefined {
  if (!auth) return undefined;
  if (auth.serverAddress && serverHost(auth.serverAddress) !== host) return undefined;
  const { username = '', password = '', identityToken = '', registryToken = '' } = auth;
  if (identityToken || registryToken || username) return { username, password, identityToken, registryToken };
  if (!auth.auth) return undefined;
  const decoded = Buffer.from(auth.auth, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 0) throw new Error(`invalid decoded auth: ${JSON.stringify(decoded)}`);
  return {
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1).replace(/\0+$/, ''),
    identityToken,
    registryToken,
  };
}

function serverHost(address: string): string {
  const host = new URL(address.includes('://') ? address : `https://${address}`).host;
  return host === 'index.docker.io' || host === 'docker.io' ? 'registry-1.docker.io' : host;
}

/** One `WWW-Authenticate` challenge. */
export interface Challenge {
  scheme: 'bearer' | 'basic';
  parameters: Record<string, string>;
}

export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  const starts = [...header.matchAll(/(?:^|,)\s*(bearer|basic)\b/gi)];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1]?.index ?? header.length;
    const text = header.slice(start.index + start[0].length, end);
    const pairs = [...text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)];
    const parameters = Object.fromEntries(
      pairs.map(([, key = '', quoted, plain]) => [key.toLowerCase(), quoted ?? plain ?? '']),
    );
    challenges.push({ scheme: start[1]?.toLowerCase() === 'basic' ? 'basic' : 'bearer', parameters });
  }
  return challenges;
}

/** Gets the `Authorization` header that a registry asks for (distribution's token specification). */
export class Authorizer {
  readonly #connector: Connector;
  readonly #credentials: Credentials | undefined;
  readonly #scope: string;
  #header: string | undefined;

  constructor(options: { connector: Connector; credentials: Credentials | undefined; repository: string }) {
    this.#connector = options.connector;
    this.#credentials = options.credentials;
    this.#scope = `repository:${options.repository}:pull`;
    if (options.credentials?.registryToken) this.#header = `Bearer ${options.credentials.registryToken}`;
  }

  get header(): string | undefined {
    return this.#header;
  }

  /** Answers the challenge of a 401; false when there is nothing (new) to answer with. */
  async answer(response: IncomingMessage, signal: AbortSignal | undefined): Promise<boolean> {
    const challenges = parseChallenges([response.headers['www-authenticate'] ?? ''].flat().join(','));
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    const header = bearer ? await this.#bearer(bearer.parameters, signal) : this.#basic(challenges);
    if (header === undefined || header === this.#header) return false;
    this.#header = header;
    return true;
  }

  #basic(challenges: readonly Challenge[]): string | undefined {
    if (!challenges.some(({ scheme }) => scheme === 'basic') || !this.#credentials?.username) return undefined;
    return basicHeader(this.#credentials);
  }

  async #bearer(parameters: Record<string, string>, signal: AbortSignal | undefined): Promise<string> {
    const url = new URL(parameters['realm'] ?? '');
    const asked = {
      ...(parameters['service'] && { service: parameters['service'] }),
      scope: parameters['scope'] || this.#scope,
    };
    const response = this.#credentials?.identityToken
      ? await this.#exchange(url, asked, this.#credentials.identityToken, signal)
      : await this.#fetchToken(url, asked, signal);
    const kind = this.#credentials ? 'oauth' : 'anonymous';
    if (response.statusCode !== 200) {
      response.resume();
      throw new Error(
        `failed to authorize: failed to fetch ${kind} token: unexpected status from GET request to ${url.href}: ${response.statusCode} ${response.statusMessage}`,
      );
    }
    const { token, access_token: accessToken } = (await json(response)) as { token?: string; access_token?: string };
    if (!token && !accessToken)
      throw new Error(`failed to authorize: failed to fetch ${kind} token: no token in the answer`);
    return `Bearer ${token || accessToken}`;
  }

  #fetchToken(url: URL, asked: Record<string, string>, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    const headers: Record<string, string> = this.#credentials?.username
      ? { authorization: basicHeader(this.#credentials) }
      : {};
    return this.#connector.request({ url, headers, signal });
  }

  #exchange(
    url: URL,
    asked: Record<string, string>,
    token: string,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: 'kedge',
      ...asked,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#connector.request({ url, method: 'POST', headers, body: form.toString(), signal });
  }
}

function basicHeader({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
