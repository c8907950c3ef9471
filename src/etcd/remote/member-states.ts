import { messageOf, type Clock, type Logger } from '#base';
import { GrpcChannel } from '#wire';
import { maintenanceService } from '../rpc/services.ts';
import { targetOf, type EtcdTls } from './endpoint.ts';

/** What a member says of itself; `unreachable` when it says nothing in time. */
export type MemberState = 'leader' | 'follower' | 'learner' | 'no leader' | 'unreachable';

export interface MemberStatesOptions {
  /** URLs of the members. */
  endpoints: readonly string[];
  tls?: EtcdTls;
  clock: Clock;
  log: Logger;
}

const patienceMs = 2_000;

/** Asks every member of a cluster how it is, each over a connection of its own; in the order of `endpoints`. */
export function memberStates(options: MemberStatesOptions): Promise<MemberState[]> {
  return Promise.all(options.endpoints.map((url) => stateOf(url, options)));
}

async function stateOf(url: string, { tls, clock, log }: MemberStatesOptions): Promise<MemberState> {
  const channel = new GrpcChannel(targetOf(url, tls));
  const late = new AbortController();
  const timer = clock.timer(patienceMs, () => late.abort());
  try {
    const { header, leader, isLearner } = await channel.of(maintenanceService).status({}, late.signal);
    if (leader === 0n) return 'no leader';
    if (isLearner) return 'learner';
    return leader === header?.memberId ? 'leader' : 'follower';
  } catch (error) {
    log.debug({ endpoint: url, error: messageOf(error) }, 'an etcd member does not tell how it is');
    return 'unreachable';
  } finally {
    timer.cancel();
    await channel.close();
  }
}
