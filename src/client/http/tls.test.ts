import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2, { type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { silentLogger } from '#base';
import { createCa, issueCertificate } from '#wire';
import { Client } from '../client.ts';
import { widgets } from '../fake/widget.ts';
import { httpTransport } from './transport.ts';

test('client and server show each other certificates', async (t) => {
  const ca = await createCa({ commonName: 'kedge-ca' });
  const serving = await issueCertificate(ca, { commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const person = await issueCertificate(ca, { commonName: 'alice', organizations: ['team'], usages: ['client'] });
  const server = http2.createSecureServer({
    key: serving.keyPem,
    cert: serving.certPem,
    ca: ca.certPem,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('session', (session) => session.on('error', () => {}));
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream) => {
    const socket = stream.session?.socket as TLSSocket | undefined;
    const name = socket?.authorized ? socket.getPeerCertificate().subject.CN : 'nobody';
    stream.respond({ ':status': 200 });
    stream.end(JSON.stringify({ metadata: { name } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const facts = { server: url, log: silentLogger };
  const stranger = await createCa({ commonName: 'other-ca' });
  const known = httpTransport({ ...facts, ca: ca.certPem, cert: person.certPem, key: person.keyPem });
  const anonymous = httpTransport({ ...facts, ca: ca.certPem });
  const distrusting = httpTransport({ ...facts, ca: stranger.certPem });
  t.after(async () => {
    for (const transport of [known, anonymous, distrusting]) await transport.close?.();
    server.close();
  });
  const nameFor = async (transport: typeof known): Promise<unknown> =>
    (await new Client({ transport }).of(widgets).in('default').get('me')).metadata.name;
  assert.equal(await nameFor(known), 'alice');
  assert.equal(await nameFor(anonymous), 'nobody');
  await assert.rejects(nameFor(distrusting), /cannot reach https:\/\/127\.0\.0\.1:\d+: .*certificate/);
});
