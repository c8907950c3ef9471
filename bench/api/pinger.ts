import { workerData } from 'node:worker_threads';
import { systemClock } from '#base';
import { ApiConnection } from '../api-connection.ts';
import type { PingerData } from './holds.ts';

const everyMs = 5;
/** kube-apiserver closes a connection on which it has been asked nothing for 90 seconds; a PING is no question. */
const askEveryMs = 30_000;

const { access, longestMs } = workerData as PingerData; // as Holds gives it
const connection = await ApiConnection.open(access);
for (let asked = performance.now(); ;) {
  if (performance.now() - asked > askEveryMs) {
    await connection.get('/version');
    asked = performance.now();
  }
  const waited = await connection.ping();
  longestMs[0] = Math.max(longestMs[0] ?? 0, waited);
  await systemClock.sleep(everyMs);
}
