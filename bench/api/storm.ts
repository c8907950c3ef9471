import { ApiConnection } from '../api-connection.ts';
import { costs } from '../cpu.ts';
import type { Figure } from '../figure.ts';
import { load } from '../load.ts';
import type { Subject } from './subject.ts';

const connections = 300;
const atOnce = 50;

/** Clients that come all at once: connections with client certificates, each of which reads one object and stays. */
export async function* storm(subject: Subject): AsyncGenerator<Figure> {
  await using open = new AsyncDisposableStack();
  const title = `${connections} clients come`;
  const start = performance.now();
  const { result, cpu, held } = await subject.taken(() =>
    load({ inFlight: atOnce, calls: connections, signal: subject.options.signal }, async () => {
      const connection = open.use(await ApiConnection.open(subject.access));
      await connection.get('/api/v1/namespaces/default');
    }),
  );
  yield { name: title, unit: 'ms', better: 'less', samples: [performance.now() - start] };
  yield { name: `${title}: a client's first answer`, unit: 'ms', better: 'less', samples: result.latenciesMs };
  yield* costs(title, 'each', cpu, connections);
  yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [held] };
}
