import { compareText } from '#base';
import type { ZPage } from './z-page.ts';

/** `/flagz`: what the server was started with, under the names of kube-apiserver's flags. */
export function flagz(flags: Readonly<Record<string, string>>): ZPage {
  const names = Object.keys(flags).sort(compareText);
  const sorted = Object.fromEntries(names.map((name) => [name, flags[name]]));
  return {
    name: 'flagz',
    kind: 'Flagz',
    fields: () => ({ flags: sorted }),
    text: (separator) => names.map((name) => `${name}${separator}${flags[name] ?? ''}\n`).join(''),
  };
}
