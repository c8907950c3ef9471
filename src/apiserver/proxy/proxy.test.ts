import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { createCa, issueCertificate, type KeyPair } from '#wire';
import { HttpClient, type Json } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const ns = '/api/v1/namespaces/default';

/** Answers as a kubelet does, and tells what it was asked. */
async function fakeKubelet(asked: string[]): Promise<Server> {
  const ca = await createCa({ commonName: 'kubelet-ca' });
  const { certPem, keyPem } = await issueCertificate(ca, { commonName: 'system:node:n1', ipAddresses: ['127.0.0.1'] });
  const note = (request: IncomingMessage): void => {
    const who = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
    asked.push(`${String(who)} ${request.method} ${request.url} ${String(request.headers.authorization)}`);
  };
  const options = { cert: certPem, key: keyPem, requestCert: true, rejectUnauthorized: false };
  const server = createHttpsServer(options, (request, response) => {
    note(request);
    if (request.url?.includes('/waiting')) {
      response.writeHead(400).end('container "waiting" in pod "p" is waiting to start: ContainerCreating\n');
    } else if (request.url?.includes('follow')) {
      response.write('one\n');
      response.on('close', () => asked.push('closed'));
    } else response.end('a line\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    note(request);
    if (request.url?.startsWith('/attach')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      return;
    }
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A page with a link, or somewhere else. */
function servePage(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://page');
  response.setHeader('content-type', 'text/html; charset=utf-8').setHeader('access-control-allow-origin', '*');
  if (pathname === '/page/moved') {
    response.writeHead(302, { location: `http://${request.headers.host}/page` }).end();
    return;
  }
  const coding = searchParams.get('coding') ?? '';
  const html = Buffer.from('<p>é <a href="/next">on</a>');
  if (coding !== '') response.setHeader('content-encoding', coding);
  response.end(coding === 'gzip' ? gzipSync(html) : coding === 'deflate' ? deflateRawSync(html) : html);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** An address of a pod; loopback addresses are not proxied to. What is dialed there is served here. */
const endpointIp = '10.244.0.9';

async function dialPod(host: string, port: number): Promise<Socket> {
  const socket = connect({ host: host === endpointIp ? '127.0.0.1' : host, port });
  await once(socket, 'connect');
  return socket;
}

describe('what leads to nodes, pods and services', () => {
  const asked: string[] = [];
  let server: TestServer;
  let admin: HttpClient;
  let certificate: KeyPair;
  let kubelet: Server;
  let web: Server;

  before(async () => {
    kubelet = await fakeKubelet(asked);
    web = createHttpServer((request, response) => {
      if (request.url?.startsWith('/page')) {
        servePage(request, response);
        return;
      }
      if (request.url?.startsWith('/heard')) {
        const { url, headers } = request;
        response.end(JSON.stringify({ url, headers }));
        return;
      }
      response.setHeader('x-echo', String(request.headers['x-asked']));
      request.pipe(response.writeHead(200, { 'content-type': 'text/plain' }));
      if (request.method === 'GET') response.write(`${request.method} ${request.url}`);
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    server = await startTestServer({ dialPod });
    certificate = await server.certificate('admin', ['system:masters']);
    admin = new HttpClient(server, certificate);
    await admin.post('/api/v1/nodes', { metadata: { name: 'n1' } });
    await patchStatus('/api/v1/nodes/n1', {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: portOf(kubelet) } },
    });
    await admin.post(`${ns}/serviceaccounts`, { metadata: { name: 'default' } });
    await addPod('p', ['main', 'waiting']);
    await addPod('single', ['main']);
    await patchStatus(`${ns}/pods/single`, { podIP: endpointIp, podIPs: [{ ip: endpointIp }] });
    await admin.post(`${ns}/pods`, {
      metadata: { name: 'nowhere' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
  });

  after(async () => {
    admin?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
    kubelet.closeAllConnections();
    kubelet.close();
    web.closeAllConnections();
    web.close();
  });

  async function addPod(name: string, containers: string[]): Promise<void> {
    const spec = { nodeName: 'n1', containers: containers.map((one) => ({ name: one, image: 'i' })) };
    const { status, text } = await admin.post(`${ns}/pods`, { metadata: { name, labels: { app: name } }, spec });
    assert.equal(status, 201, text);
  }

  async function patchStatus(path: string, status: Json): Promise<void> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await admin.ask(`${path}/status`, { method: 'PATCH', headers, body: { status } });
    assert.equal(answer.status, 200, answer.text);
  }

  test('logs go over a WebSocket to who asks for one, and a refusal is told before', async () => {
    const dial = (path: string): WebSocket => {
      const { certPem: cert, keyPem: key } = certificate;
      return new WebSocket(`${server.url.replace('http', 'ws')}${path}`, ['binary.k8s.io'], {
        ca: server.caPem,
        cert,
        key,
      });
    };
    const socket = dial(`${ns}/pods/single/log`);
    const messages: Buffer[] = [];
    socket.on('message', (data: Buffer) => messages.push(data));
    await once(socket, 'close');
    assert.equal(Buffer.concat(messages).toString(), 'a line\n');
    const [error] = await once(dial(`${ns}/pods/p/log?container=waiting`), 'error');
    assert.match(String(error), /Unexpected server response: 400/);
  });

  test('logs come from the kubelet, which sees the API server’s certificate and no token', async () => {
    asked.length = 0;
    const { status, text, headers } = await admin.get(`${ns}/pods/single/log?tailLines=5&timestamps=true`, {
      authorization: 'Bearer secret',
    });
    assert.deepEqual([status, text, headers['content-type']], [200, 'a line\n', 'text/plain']);
    assert.deepEqual(asked, [
      'kube-apiserver-kubelet-client GET /containerLogs/default/single/main?timestamps=true&tailLines=5 undefined',
    ]);
  });

  test('a followed log streams, and its end reaches the kubelet', async () => {
    asked.length = 0;
    for await (const line of admin.lines(`${ns}/pods/single/log?follow=true`)) {
      assert.equal(line, 'one');
      break;
    }
    while (!asked.includes('closed')) await new Promise(setImmediate);
  });

  test('what is wrong with a log request is told as upstream tells it', async () => {
    const messages: [string, number, string][] = [
      ['p/log', 400, 'a container name must be specified for pod p, choose one of: [main waiting]'],
      ['p/log?container=x', 400, 'container x is not valid for pod p'],
      ['p/log?container=waiting', 400, 'container "waiting" in pod "p" is waiting to start: ContainerCreating'],
      [
        'p/log?container=main&tailLines=-1',
        422,
        'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
      ],
      ['none/log', 404, 'pods "none" not found'],
      ['nowhere/exec?command=ls', 400, 'pod nowhere does not have a host assigned'],
      ['single/exec?command=ls', 400, 'Upgrade request required'],
    ];
    for (const [path, code, message] of messages) {
      const { json } = await admin.get(`${ns}/pods/${path}`);
      assert.deepEqual([json.code, json.message], [code, message]);
    }
    assert.equal((await admin.get(`${ns}/pods/nowhere/log`)).text, '');
  });

  function upgrade(path: string): Promise<{ status: number; socket?: Duplex }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; socket?: Duplex }>();
    const request = httpsRequest(server.url + path, {
      method: 'POST',
      headers: { connection: 'Upgrade', upgrade: 'echo', 'impersonate-nothing': 'x' },
      ca: server.caPem,
      cert: certificate.certPem,
      key: certificate.keyPem,
      agent: false,
    });
    request.on('upgrade', (response, socket) => resolve({ status: response.statusCode ?? 0, socket }));
    request.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    request.on('error', reject);
    request.end();
    return promise;
  }

  test('exec hands the connection over, byte for byte', async () => {
    asked.length = 0;
    const { status, socket } = await upgrade(
      `${ns}/pods/single/exec?command=echo&command=a%20b&stdin=true&stdout=true&tty=true`,
    );
    assert.equal(status, 101);
    assert.ok(socket);
    assert.match(
      asked[0] ?? '',
      /POST \/exec\/default\/single\/main\?input=1&output=1&tty=1&command=echo&command=a\+b/,
    );
    const bytes = Buffer.from([0, 1, 2, 255]);
    socket.write(bytes);
    const [back] = (await once(socket, 'data')) as [Buffer];
    assert.deepEqual(back, bytes);
    socket.destroy();
  });

  test('a refusal of the kubelet, and of authorization, reaches the client', async () => {
    assert.equal((await upgrade(`${ns}/pods/single/attach?stdin=true`)).status, 403);
    assert.equal((await upgrade(`${ns}/pods/none/exec?command=ls`)).status, 404);
    const forwarded = await upgrade(`${ns}/pods/single/portforward?ports=80&ports=81`);
    assert.equal(forwarded.status, 101);
    forwarded.socket?.destroy();
    assert.match(asked.at(-1) ?? '', /POST \/portForward\/default\/single\?port=80%2C81/);
  });

  test('the links of a page, and where it redirects to, lead through the proxy', async () => {
    const through = `${ns}/pods/single:${portOf(web)}/proxy`;
    const page = `<p>é <a href="${through}/next">on</a>`;
    const plain = await admin.get(`${through}/page`);
    assert.deepEqual([plain.text, plain.headers['content-length']], [page, String(Buffer.byteLength(page))]);
    assert.equal(plain.headers['access-control-allow-origin'], undefined);
    for (const [coding, read] of [
      ['gzip', gunzipSync],
      ['deflate', inflateRawSync],
    ] as const) {
      const { body, headers } = await admin.get(`${through}/page?coding=${coding}`);
      assert.deepEqual([headers['content-encoding'], read(body).toString()], [coding, page]);
    }
    const unknown = await admin.get(`${through}/page?coding=br`);
    assert.equal(unknown.text, '<p>é <a href="/next">on</a>', 'nobody can read it');
    const moved = await admin.get(`${through}/page/moved`);
    assert.deepEqual(
      [moved.status, moved.headers.location],
      [302, `${server.url}${through}/page`.replace('https', 'http')],
    );
    const { status, text, headers } = await admin.ask(`${through}/page`, { method: 'HEAD' });
    assert.deepEqual([status, text, headers['content-type']], [200, '', 'text/html; charset=utf-8']);
  });

  test('a backend hears who asks for what, and nothing that it is not to hear', async () => {
    const through = `${ns}/pods/single:${portOf(web)}/proxy`;
    const heard = async (path: string, headers: Record<string, string> = {}): Promise<Json> =>
      (await admin.get(`${through}${path}`, headers)).json;
    const given = {
      'x-forwarded-for': '192.0.2.7',
      'x-remote-user': 'root',
      te: 'trailers',
    };
    const { url, headers } = await heard('/heard//a%20(b)/../%3Fc?d=a+b&e=%20', given);
    assert.equal(url, '/heard/%3Fc?d=a+b&e=%20');
    assert.equal(headers['x-forwarded-for'], '192.0.2.7, 127.0.0.1');
    assert.equal(headers['x-forwarded-uri'], `${through}/heard/%3Fc`);
    assert.deepEqual([headers['x-remote-user'], headers.te], [undefined, 'trailers']);
    assert.equal((await heard('/heard')).headers['x-forwarded-for'], '127.0.0.1');
    assert.equal((await heard('/..%2f..%2fheard')).url, '/heard');
  });

  test('the API server is not led to itself', async () => {
    await addPod('loop', ['main']);
    await patchStatus(`${ns}/pods/loop`, { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] });
    for (const path of [`${ns}/pods/loop:${portOf(web)}/proxy/`, `/api/v1/nodes/n1:${portOf(web)}/proxy/`]) {
      const { status, json } = await admin.get(path);
      assert.deepEqual([path, status, json.message], [path, 400, 'address not allowed']);
    }
  });

  test('methods that are not proxied, and a port where nobody is, are told as upstream tells them', async () => {
    const path = `${ns}/pods/single:1/proxy/`;
    assert.equal((await admin.ask(path, { method: 'PROPFIND' })).status, 405);
    const { status, json } = await admin.get(path);
    const message = 'error trying to reach service: dial tcp 127.0.0.1:1: connect: connection refused';
    assert.deepEqual([status, json.message], [503, message]);
  });

  test('pods and services are proxied to', async () => {
    const got = await admin.get(`${ns}/pods/single:${portOf(web)}/proxy/a/b?c=d`, { 'x-asked': 'yes' });
    assert.deepEqual([got.status, got.text, got.headers['x-echo']], [200, 'GET /a/b?c=d', 'yes']);
    const posted = await admin.ask(`${ns}/pods/single:${portOf(web)}/proxy/`, { method: 'POST', body: 'sent' });
    assert.equal(posted.text, 'sent');
    for (const method of ['GET', 'HEAD']) {
      const moved = await admin.ask(`${ns}/pods/single:${portOf(web)}/proxy?c=d`, { method });
      const location = `${ns}/pods/single:${portOf(web)}/proxy/?c=d`;
      assert.deepEqual([method, moved.status, moved.headers.location], [method, 301, location]);
    }
    const service = await admin.post(`${ns}/services`, {
      metadata: { name: 'web' },
      spec: { ports: [{ name: 'http', port: 80 }] },
    });
    assert.equal(service.status, 201, service.text);
    const unknown = await admin.get(`${ns}/services/web:99/proxy/`);
    assert.equal(unknown.json.message, 'no service port 99 found for service "web"');
    const none = await admin.get(`${ns}/services/web:http/proxy/`);
    assert.deepEqual([none.status, none.json.message], [404, 'services "web" not found']);
    const addresses = [
      { ip: '10.244.0.10', targetRef: { kind: 'Pod', namespace: 'default', name: 'single' } },
      { ip: endpointIp },
      { ip: endpointIp, targetRef: { kind: 'Pod', namespace: 'default', name: 'gone' } },
    ];
    const subset = { addresses, ports: [{ name: 'http', port: portOf(web) }] };
    const endpoints = await admin.post(`${ns}/endpoints`, { metadata: { name: 'web' }, subsets: [subset] });
    assert.equal(endpoints.status, 201, endpoints.text);
    const foreign = await admin.get(`${ns}/services/web:http/proxy/`);
    assert.equal(foreign.json.message, 'no endpoints available for service "web:http"', 'none is a pod’s');
    const targetRef = { kind: 'Pod', namespace: 'default', name: 'single' };
    subset.addresses = [...addresses, { ip: endpointIp, targetRef }];
    await admin.ask(`${ns}/endpoints/web`, {
      method: 'PUT',
      body: { metadata: { name: 'web' }, subsets: [subset] },
    });
    assert.equal((await admin.get(`${ns}/services/http:web:80/proxy/x`)).text, 'GET /x');
    assert.equal((await admin.get('/api/v1/nodes/n1/proxy/healthz')).text, 'a line\n');
  });
});
