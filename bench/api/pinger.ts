import { workerData } from 'node:worker_threads';
import { systemClock } from '#base';
import { ApiConnection } from '../api-connection.ts';
import type { PingerData } from './holds.ts';

const everyMs = 5;

const { access, longestMs } = workerData as PingerData; // as Holds gives it
const connection = await ApiConnection.open(access);
for (;;) {
  const waited = await connection.ping();
  longestMs[0] = Math.max(longestMs[0] ?? 0, waited);
  await systemClock.sleep(everyMs);
}
