import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { hostname } from 'node:os';

const pages = {
  '/hostname': () => hostname(),
  '/env': () =>
    Object.entries(process.env)
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('\n'),
  '/clientip': (req) => req.socket.remoteAddress.replace('::ffff:', ''),
  '/healthz': () => 'ok',
  '/fail': () => 'failed, as asked',
};

function echo(req, body) {
  const headers = Object.entries(req.headers).map(([name, value]) => `${name}: ${value}`);
  const greeting = process.env.GREETING === undefined ? [] : [process.env.GREETING];
  return [...greeting, `host: ${hostname()}`, `request: ${req.method} ${req.url}`, ...headers, '', body].join('\n');
}

async function answer(req, res, options) {
  let body = '';
  for await (const chunk of req) body += chunk;
  const url = new URL(req.url, 'http://toolbox');
  if (options.delay > 0) await new Promise((resolve) => setTimeout(resolve, options.delay));
  const isSick = url.pathname === '/healthz' && existsSync(options.sick);
  const byDefault = url.pathname === '/fail' ? 500 : 200;
  const status = isSick ? 500 : Number(url.searchParams.get('status') ?? byDefault);
  const page = isSick
    ? () => `${options.sick} is there`
    : (pages[url.pathname] ?? (() => url.searchParams.get('msg') ?? echo(req, body)));
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-host': hostname() }).end(`${page(req)}\n`);
  console.log(`${pages['/clientip'](req)} ${req.method} ${req.url} ${status}`);
  if (url.pathname === '/exit') process.exit(Number(url.searchParams.get('code') ?? 0));
}

/** serve [PORT] [--delay MS] [--sick FILE]: echoes requests, names its host and says $GREETING; /healthz fails while FILE is there. */
export async function run(args) {
  const option = (name, otherwise) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : otherwise);
  const delay = Number(option('--delay', 0));
  const sick = option('--sick', '/tmp/unhealthy');
  const port = Number(option('--port', undefined) ?? args[0] ?? process.env.PORT ?? 8080);
  const server = createServer((req, res) => void answer(req, res, { delay, sick }));
  server.listen(port);
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  console.log(`serving on port ${port} as ${hostname()}`);
  await new Promise((resolve) => {
    process.removeAllListeners('SIGTERM').once('SIGTERM', resolve);
  });
  console.log('SIGTERM: no new requests');
  server.close();
  server.closeIdleConnections();
  return 0;
}
