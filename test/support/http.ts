import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Asks over a connection of its own, as a new client does; returns status and text. */
export async function ask(url: string): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const asked = request(url, { agent: false, timeout: 10_000 }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
  });
  asked.on('timeout', () => asked.destroy(new Error(`${url} did not answer within 10 s`)));
  asked.on('error', reject);
  asked.end();
  return promise;
}
