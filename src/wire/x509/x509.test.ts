import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import * as tls from 'node:tls';
import type { AddressInfo } from 'node:net';
import { createCsr, parseCsr, signCsr } from './csr.ts';
import { createCa, issueCertificate } from './issue.ts';
import { parseCertificate, splitPem } from './parse.ts';

const ca = await createCa({ commonName: 'test-ca' });

test('a certificate says what was asked for', async () => {
  const now = Date.UTC(2030, 0, 1);
  const { certPem } = await issueCertificate(ca, {
    commonName: 'system:node:n1',
    organizations: ['system:nodes', 'a, b'],
    dnsNames: ['localhost', 'kubernetes.default.svc'],
    ipAddresses: ['10.96.0.1', '::1'],
    usages: ['client'],
    days: 30,
    now,
  });
  const parsed = parseCertificate(certPem);
  assert.equal(parsed.commonName, 'system:node:n1');
  assert.deepEqual(parsed.organizations, ['system:nodes', 'a, b']);
  assert.deepEqual(parsed.dnsNames, ['localhost', 'kubernetes.default.svc']);
  assert.deepEqual(parsed.ipAddresses, ['10.96.0.1', '0:0:0:0:0:0:0:1']);
  assert.deepEqual(parsed.usages, ['client']);
  assert.equal(parsed.issuer, 'test-ca');
  assert.equal(parsed.notAfter, now + 30 * 86_400_000);
  assert.ok(parsed.notBefore < now);
  assert.equal(parsed.isCa, false);
  assert.ok(new X509Certificate(certPem).checkIssued(new X509Certificate(ca.certPem)));
  assert.equal(parseCertificate(ca.certPem).isCa, true);
});

test('serial numbers differ', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((commonName) => issueCertificate(ca, { commonName })));
  assert.notEqual(parseCertificate(a!.certPem).serialNumber, parseCertificate(b!.certPem).serialNumber);
});

test('both sides of a TLS connection accept each other', async () => {
  const server = await issueCertificate(ca, { commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const client = await issueCertificate(ca, { commonName: 'me', organizations: ['g1', 'g2'], usages: ['client'] });
  const listener = tls.createServer({ cert: server.certPem, key: server.keyPem, ca: ca.certPem, requestCert: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const accepted = once(listener, 'secureConnection') as Promise<[tls.TLSSocket]>;
  const socket = tls.connect({ port, host: '127.0.0.1', ca: ca.certPem, cert: client.certPem, key: client.keyPem });
  const [peer] = await accepted;
  assert.equal(peer.authorized, true);
  assert.deepEqual(parseCertificate(peer.getPeerX509Certificate()!).organizations, ['g1', 'g2']);
  socket.destroy();
  peer.destroy();
  listener.close();
});

test('a request is granted as it stands', async () => {
  const { csrPem } = await createCsr({
    commonName: 'system:node:n2',
    organizations: ['system:nodes'],
    dnsNames: ['n2'],
    ipAddresses: ['10.0.0.2'],
  });
  assert.deepEqual(await parseCsr(csrPem), {
    commonName: 'system:node:n2',
    organizations: ['system:nodes'],
    dnsNames: ['n2'],
    ipAddresses: ['10.0.0.2'],
    emailAddresses: [],
    uris: [],
  });
  const parsed = parseCertificate(await signCsr(ca, csrPem, { usages: ['server'] }));
  assert.equal(parsed.commonName, 'system:node:n2');
  assert.deepEqual(parsed.dnsNames, ['n2']);
  assert.deepEqual(parsed.usages, ['server']);
});

test('a request that was tampered with is refused', async () => {
  const { csrPem } = await createCsr({ commonName: 'honest-name' });
  const der = Buffer.from(csrPem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
  der.write('evil', der.indexOf('honest-name'));
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  await assert.rejects(parseCsr(forged), /not signed with its own key/);
  await assert.rejects(signCsr(ca, 'nonsense'), /not a certificate signing request/);
});

test('a name with a comma stays one name', async () => {
  const { certPem } = await issueCertificate(ca, { commonName: 'x', dnsNames: ['a, DNS:b'] });
  assert.deepEqual(parseCertificate(certPem).dnsNames, ['a, DNS:b']);
});

test('a bundle is split', () => {
  assert.equal(splitPem(ca.certPem + ca.certPem).length, 2);
  assert.throws(() => parseCertificate('nonsense'));
});
