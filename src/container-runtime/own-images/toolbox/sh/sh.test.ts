import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const toolbox = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = mkdtempSync(join(tmpdir(), 'kedge-toolbox-'));
symlinkSync(process.execPath, join(bin, 'node'));
for (const tool of readdirSync(join(toolbox, 'tools')))
  symlinkSync(join(toolbox, 'main.mjs'), join(bin, tool.replace('.mjs', '')));
after(() => rmSync(bin, { recursive: true }));

function sh(script: string, input = ''): string {
  const { stdout, stderr, status, error } = spawnSync(
    process.execPath,
    [join(bin, 'sh'), '-c', script, 'sh', 'first', 'second'],
    {
      env: { PATH: bin, HOME: '/home/x' },
      cwd: bin,
      input,
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  if (error) throw error;
  return [stdout.trim(), stderr.trim(), status].filter((part) => part !== '').join('|');
}

const cases: [script: string, expected: string][] = [
  ['echo "a  b" \'$HOME\' $HOME ${X:-none}; exit 3', 'a  b $HOME /home/x none|3'],
  ['X=5; echo $((X * 2 + 1)) $(( (X > 3) && 1 )) ${#X}', '11 1 1|0'],
  ['for i in 1 2; do echo $i; done; i=0; while [ $i -lt 2 ]; do i=$((i+1)); echo n$i; done', '1\n2\nn1\nn2|0'],
  ['test -t 0 || echo no terminal', 'no terminal|0'],
  ['if test -d /nowhere; then echo a; elif true; then echo b; else echo c; fi', 'b|0'],
  ['false && echo no || echo or; ! false && echo not; true; echo $?', 'or\nnot\n0|0'],
  ['(cd /; pwd; X=1); echo "x$X"; { echo g; } > f; echo h >> f; cat f; rm f', '/\nx\ng\nh|0'],
  ['echo "$(echo sub; echo two)" | while read a; do echo "<$a>"; done', '<sub>\n<two>|0'],
  ['nonsense; echo $?; echo err >&2', '127|sh: nonsense: not found\nerr|0'],
  ['set -e; false; echo never', '1'],
  ['trap "echo bye; exit 9" TERM; kill -TERM $$; sleep 5', 'bye|9'],
  [
    'echo $# "$@"; shift; echo $1; V="a b"; for w in $V "$V"; do echo "<$w>"; done',
    '2 first second\nsecond\n<a>\n<b>\n<a b>|0',
  ],
  ['while true; do break; done; until false; do echo once; break; done; sleep 0.01 & wait; echo ok', 'once\nok|0'],
  ['V=path/to/file.txt; echo ${V##*/} ${V%.txt} ${V#*/}', 'file.txt path/to/file to/file.txt|0'],
  ['echo "open', '2'],
];

for (const [script, expected] of cases) {
  test(`sh: ${script}`, () => {
    const got = sh(script);
    if (expected === '2') assert.match(got, /syntax error.*\|2$/s);
    else assert.equal(got, expected);
  });
}

test('tar packs and unpacks as kubectl cp asks for it', () => {
  const script =
    'mkdir -p d/e; echo one > d/e/f; tar cf - d | (mkdir out; tar xmf - -C out; cat out/d/e/f; tar cf - -C out d | tar tf -); rm -rf d out';
  assert.equal(sh(script), 'one\nd/\nd/e/\nd/e/f|0');
});
