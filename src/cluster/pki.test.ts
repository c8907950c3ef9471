import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock, VirtualClock } from '#base';
import { Pki } from './pki.ts';

let directory: string;
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'kedge-pki-'))));
after(() => rm(directory, { recursive: true }));

test('agents that want the same certificate at the same time get the same one, with its key', async () => {
  const agents = Array.from({ length: 6 }, () => new Pki({ directory, clock: systemClock }));
  const pairs = await Promise.all(agents.map((pki) => pki.component('system:kube-proxy')));
  const kept = await new Pki({ directory, clock: systemClock }).component('system:kube-proxy');
  for (const pair of pairs) assert.deepEqual(pair, kept);
  assert.ok(new X509Certificate(kept.certPem).checkPrivateKey(createPrivateKey(kept.keyPem)));
});

test('processes that want the key of tokens at the same time get the same one, and it is the one that is kept', async () => {
  const folder = join(directory, 'tokens');
  const processes = Array.from({ length: 6 }, () => new Pki({ directory: folder, clock: systemClock }));
  const keys = await Promise.all(processes.map((pki) => pki.serviceAccountKey()));
  keys.push(await new Pki({ directory: folder, clock: systemClock }).serviceAccountKey());
  assert.equal(new Set(keys).size, 1);
});

test('a certificate is made anew when its key, its authority or its addresses are others, or it soon runs out', async () => {
  const clock = new VirtualClock();
  const pki = () => new Pki({ directory, clock });
  const first = await pki().kubelet('a', '10.0.0.1');
  assert.deepEqual(await pki().kubelet('a', '10.0.0.1'), first);
  const moved = await pki().kubelet('a', '10.0.0.2');
  assert.notEqual(moved.certPem, first.certPem);
  await pki().kubelet('b', '10.0.0.2');
  await copyFile(join(directory, 'kubelet-b.key'), join(directory, 'kubelet-a.key'));
  const repaired = await pki().kubelet('a', '10.0.0.2');
  assert.ok(new X509Certificate(repaired.certPem).checkPrivateKey(createPrivateKey(repaired.keyPem)));
  await rm(join(directory, 'ca.key'));
  const ca = new X509Certificate((await pki().ca()).certPem);
  assert.ok(new X509Certificate((await pki().kubelet('a', '10.0.0.2')).certPem).verify(ca.publicKey));
  const soon = await pki().kubelet('a', '10.0.0.2');
  await clock.advance(340 * 24 * 3600 * 1000);
  assert.notEqual((await pki().kubelet('a', '10.0.0.2')).certPem, soon.certPem);
});
