import { gunzipSync } from 'node:zlib';
import type { CallOptions } from '../api-connection.ts';
import type { Figure } from '../figure.ts';
import { anyPod, filled, loadMs, podsIn, type Subject } from './subject.ts';
import { serviceAccountIn } from './service-account.ts';

const pageSize = 500;
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Single pods: by who may do everything, with 1 and 64 calls under way, and by a service account that a role allows it. */
export async function* gets(subject: Subject, namespace: string): AsyncGenerator<Figure> {
  const path = (n: number): string => `${podsIn(namespace)}/${anyPod(n)}`;
  for (const inFlight of [1, 64]) {
    yield* subject.load('gets', { inFlight, ms: loadMs }, (n) => subject.connection.get(path(n)));
  }
  await using account = await serviceAccountIn(subject, namespace);
  yield* subject.load('gets by an account', { inFlight: 64, ms: loadMs }, (n) => account.get(path(n)));
}

/** All pods at once, as informers ask for them, to the last byte; then in pages as kubectl does, and some by selector. */
export async function* lists(subject: Subject, namespace: string): AsyncGenerator<Figure> {
  const path = podsIn(namespace);
  yield* whole(subject, path, 'JSON', {});
  yield* whole(subject, path, 'protobuf', { accept: protobuf });
  yield* whole(subject, path, 'gzip', { acceptEncoding: 'gzip' });
  yield* subject.timed(`LIST in pages of ${pageSize}`, () => paged(subject, path));
  const some = (selector: string): Promise<Buffer> => subject.connection.get(`${path}?${selector}`);
  yield* subject.timed('LIST by label, 100 of 10,000', () => some('labelSelector=slot%3D7'));
  yield* subject.timed('LIST by field, none of 10,000', () => some('fieldSelector=status.phase%3DFailed'));
}

async function* whole(subject: Subject, path: string, kind: string, options: CallOptions): AsyncGenerator<Figure> {
  const answer = await subject.connection.get(path, options);
  check(answer, options);
  const title = `LIST of 10,000, ${kind} (${(answer.length / 1e6).toFixed(1)} MB)`;
  yield* subject.timed(title, async () => {
    const size = await subject.connection.size(path, options);
    if (options.acceptEncoding === undefined && size !== answer.length) throw new Error(`a LIST gave ${size} bytes`);
  });
}

/** Whether a LIST holds all pods. Protobuf is taken at its word. */
function check(answer: Buffer, { accept, acceptEncoding }: CallOptions): void {
  if (accept === protobuf) return;
  const text = (acceptEncoding === 'gzip' ? gunzipSync(answer) : answer).toString();
  const { items } = JSON.parse(text) as { items: unknown[] }; // a LIST that was answered with 200
  if (items.length !== filled) throw new Error(`a LIST gave ${items.length} pods of ${filled}`);
}

async function paged(subject: Subject, path: string): Promise<void> {
  let pages = 0;
  for (let next: string | undefined = ''; next !== undefined; pages++) {
    const query: string = `limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
    next = continueOf(await subject.connection.get(`${path}?${query}`));
  }
  if (pages !== filled / pageSize) throw new Error(`a LIST in pages gave ${pages} of them`);
}

/** The token of the next page, found without parsing the objects of this one. */
function continueOf(page: Buffer): string | undefined {
  const metadata = page.toString('latin1', 0, 1000);
  return /"continue":"([^"]+)"/.exec(metadata)?.[1];
}
