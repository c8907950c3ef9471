import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the list of behaviours lies beside a checkout, or beside the folder of several. */
const lists = ['../shared', '../../shared'].map((to) => join(root, to, 'kubernetes/conformance-v1.36.yaml'));

interface Behaviour {
  codename: string;
}

test('how many of the conformance behaviours have a test of their name', (t) => {
  const list = lists.find((path) => existsSync(path));
  if (!list) return t.diagnostic('the list of behaviours is not beside the checkout: nothing to count');
  const behaviours = parse(readFileSync(list, 'utf8')) as Behaviour[];
  const sources = testSources();
  const bySig = Map.groupBy(behaviours, ({ codename }) => /\[(sig-[a-z-]+)\]/.exec(codename)?.[1] ?? '');
  let total = 0;
  for (const [sig, all] of bySig) {
    const shown = all.filter(({ codename }) => sources.some((text) => isNamedIn(text, codename))).length;
    total += shown;
    t.diagnostic(`${sig}: ${shown} of ${all.length}`);
  }
  t.diagnostic(`conformance behaviours with a test: ${total} of ${behaviours.length}`);
});

/** Whether a source holds a name, within quotes of the one kind or the other. */
function isNamedIn(source: string, codename: string): boolean {
  return source.includes(codename) || source.includes(codename.replaceAll("'", "\\'"));
}

function testSources(): string[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, 'test', file), 'utf8'));
}
