import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteLinks } from './html-links.ts';
import { proxiedUrl } from './proxied-page.ts';

const page = { prefix: '/api/proxy', hosts: { backend: '10.244.0.9:80', request: 'localhost:6443' } };

test('links of the backend lead through the proxy, and others where they led', () => {
  const urls: [url: string, proxied: string][] = [
    ['/', '/api/proxy/'],
    ['/a/b?c=d#e', '/api/proxy/a/b?c=d#e'],
    ['/a/', '/api/proxy/a/'],
    ['/a/../b', '/api/proxy/b'],
    ['http://10.244.0.9:80/a', '/api/proxy/a'],
    ['//10.244.0.9:80/a?b', '/api/proxy/a?b'],
    ['https://localhost:6443/a', 'https://localhost:6443/api/proxy/a'],
    ['/api/proxy/a', '/api/proxy/a'],
    ...['a/b', '', '#top', 'mailto:a@b', 'http://elsewhere/a', '?c=d', 'javascript:void(0)', '%zz'].map(
      (url): [string, string] => [url, url],
    ),
  ];
  for (const [url, proxied] of urls) assert.equal(proxiedUrl(url, page), proxied, url);
});

test('every attribute that holds a URL is a link, and nothing else of a page is touched', async () => {
  const pages: [html: string, rewritten: string][] = [
    ['<a href="/x">y</a>', '<a href="!/x">y</a>'],
    ["<A class=/x HREF='/x' >/x", "<A class=/x HREF='!/x' >/x"],
    ['<img src=/x usemap=/y alt=/z><br/>', '<img src=!/x usemap=!/y alt=/z><br/>'],
    ['<script src="/x">"<a href=/y>"</script>', '<script src="!/x">"<a href=/y>"</script>'],
    ['<!-- <a href="/x"> --><p href="/x">', '<!-- <a href="/x"> --><p href="/x">'],
    ['<a href="/x?a=1&amp;b=2" constructor="/y">\u00e9', '<a href="!/x?a=1&amp;b=2" constructor="/y">\u00e9'],
    ['<a href><constructor href="/x">', '<a href><constructor href="/x">'],
  ];
  for (const [html, rewritten] of pages) assert.equal(await rewriteLinks(html, (url) => `!${url}`), rewritten, html);
});

test('a page that is read in many turns has its links wherever one ends', async () => {
  const link = (url: string): string => `<p>words <a href="${url}">on</a>`;
  for (const shift of Array.from(link('/next')).keys()) {
    const page = (url: string): string => ' '.repeat(shift) + link(url).repeat(3000);
    const rewritten = await rewriteLinks(page('/next'), (url) => `!${url}`);
    assert.ok(rewritten === page('!/next'), `with ${shift} characters before it`);
  }
});
