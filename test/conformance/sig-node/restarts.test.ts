import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scenario } from '../../../src/kubelet/testing/bench.ts';

/** Five restarts take minutes, which only a clock that is moved has. */
scenario(
  '[sig-node] Probing container should have monotonically increasing restart count [NodeConformance] [Conformance]',
  async (bench) => {
    let probed = 0;
    // Each container is well for three probes.
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/healthz' && ++probed % 4 === 0 ? 500 : 200;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const httpGet = { host: '127.0.0.1', port, path: '/healthz' };
      const livenessProbe = {
        httpGet,
        initialDelaySeconds: 5,
        periodSeconds: 3,
        failureThreshold: 1,
        timeoutSeconds: 60,
      };
      bench.create({ terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'app:1', livenessProbe }] });
      const seen: number[] = [];
      await bench.until('five restarts', () => {
        const count = bench.main()?.restartCount ?? 0;
        if (count !== seen.at(-1)) seen.push(count);
        return count >= 5;
      });
      assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);
