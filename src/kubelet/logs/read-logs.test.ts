import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatTimestamp, parseLogLine } from './cri-log.ts';
import { readLogs, type LogOptions } from './read-logs.ts';

const text = [
  '2026-01-01T00:00:01.000000001Z stdout F one',
  '2026-01-01T00:00:02.000000000Z stderr F two',
  '2026-01-01T00:00:03.000000000Z stdout P thr',
  '2026-01-01T00:00:03.500000000Z stdout F ee',
  '2026-01-01T00:00:04.000000000Z stdout F four',
  '',
].join('\n');

async function withLog(content: string, work: (path: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kubelet-logs-'));
  try {
    const path = join(directory, '0.log');
    await writeFile(path, content);
    await work(path);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function source(path: string, ended = AbortSignal.abort()): Parameters<typeof readLogs>[0] {
  return { path, ended, signal: new AbortController().signal };
}

async function collect(path: string, options: LogOptions): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readLogs(source(path), options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const cases: [string, LogOptions, string][] = [
  ['all', {}, 'one\ntwo\nthree\nfour\n'],
  ['tail', { tailLines: 1 }, 'four\n'],
  ['tail 0', { tailLines: 0 }, ''],
  ['tail more than there is', { tailLines: 99 }, 'one\ntwo\nthree\nfour\n'],
  ['since', { sinceMs: Date.UTC(2026, 0, 1, 0, 0, 4) }, 'four\n'],
  ['limit', { limitBytes: 5 }, 'one\nt'],
  ['stream', { stream: 'stderr' }, 'two\n'],
  [
    'timestamps stand before whole lines only',
    { timestamps: true, sinceMs: Date.UTC(2026, 0, 1, 0, 0, 3) },
    '2026-01-01T00:00:03.000000000Z three\n2026-01-01T00:00:04.000000000Z four\n',
  ],
];

for (const [name, options, wanted] of cases) {
  test(`logs: ${name}`, async () => {
    await withLog(text, async (path) => assert.equal(await collect(path, options), wanted));
  });
}

test('what is no log line is passed over', () => {
  for (const line of ['', 'x', 'a b c', '2026 stdin F x']) assert.equal(parseLogLine(Buffer.from(line)), undefined);
  assert.equal(parseLogLine(Buffer.from('t stdout F  a b\n'))?.content.toString(), ' a b\n');
});

test('times are shown with nine digits, and UTC as Z', () => {
  assert.equal(formatTimestamp('2026-01-01T00:00:01.5+00:00'), '2026-01-01T00:00:01.500000000Z');
  assert.equal(formatTimestamp('2026-01-01T00:00:01Z'), '2026-01-01T00:00:01.000000000Z');
  assert.equal(formatTimestamp('2026-01-01T00:00:01.123456789+02:00'), '2026-01-01T00:00:01.123456789+02:00');
});

test('following goes over a rotation and ends with the container', async () => {
  await withLog('2026-01-01T00:00:01Z stdout F one\n', async (path) => {
    const ended = new AbortController();
    const follow = readLogs(source(path, ended.signal), { follow: true });
    const next = async (): Promise<string> => ((await follow.next()).value ?? Buffer.alloc(0)).toString();
    assert.equal(await next(), 'one\n');
    await appendFile(path, '2026-01-01T00:00:02Z stdout F two\n');
    assert.equal(await next(), 'two\n');
    await appendFile(path, '2026-01-01T00:00:03Z stdout F three\n');
    await rename(path, `${path}.old`);
    await writeFile(path, '2026-01-01T00:00:04Z stdout F four\n');
    assert.equal(await next(), 'three\n');
    assert.equal(await next(), 'four\n');
    await appendFile(path, '2026-01-01T00:00:05Z stdout F last\n');
    ended.abort();
    assert.equal(await next(), 'last\n');
    assert.equal((await follow.next()).done, true);
  });
});
