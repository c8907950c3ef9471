import type { Clock } from '#base';
import { formatTime } from '#machinery';
import type { VersionInfo } from '../handlers/paths.ts';
import type { ZPage } from './z-page.ts';

export interface StatuszOptions {
  clock: Clock;
  version: VersionInfo;
  /** All that the server answers, of which the parts for people to look at are told. */
  paths: readonly string[];
}

/** Parts of the API, which are no places to look for what is wrong. */
const api = new Set(['/apis', '/api', '/openid', '/openapi', '/.well-known']);

/** `/statusz`: since when the server runs, what it is, and where else to look. */
export function statusz({ clock, version, paths }: StatuszOptions): ZPage {
  const startedMs = clock.now();
  const upSeconds = (): number => Math.max(0, Math.floor((clock.now() - startedMs) / 1000));
  const shared = {
    goVersion: version.goVersion,
    binaryVersion: version.gitVersion.replace(/^v|\+.*$/g, ''),
    emulationVersion: `${version.emulationMajor}.${version.emulationMinor}`,
    paths: [...new Set(paths.map((path) => `/${path.split('/')[1] ?? ''}`))].filter(isForPeople).sort(),
  };
  return {
    name: 'statusz',
    kind: 'Statusz',
    fields: () => ({ startTime: formatTime(startedMs), uptimeSeconds: upSeconds(), ...shared }),
    text: (separator) =>
      [
        '',
        `Started${separator} ${unixDate(startedMs)}`,
        `Up${separator} ${uptime(upSeconds())}`,
        `Go version${separator} ${shared.goVersion}`,
        `Binary version${separator} ${shared.binaryVersion}`,
        `Emulation version${separator} ${shared.emulationVersion}`,
        `Paths${separator} ${shared.paths.join(' ')}`,
        '',
      ].join('\n'),
  };
}

function isForPeople(path: string): boolean {
  return path !== '/' && !api.has(path);
}

/** As Go's `time.UnixDate`: `Sun Nov 29 14:41:42 UTC 2026`. */
function unixDate(ms: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(/,? /);
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} UTC ${year}`;
}

function uptime(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60) % 60)} min ${two(seconds % 60)} sec`;
}
