import { createHash } from 'node:crypto';

/**
 * The queues that a flow may wait in: `handSize` of `queues`, always the same for a flow, and rarely all the same for two
 * (shuffle sharding, `util/shufflesharding/dealer.go`).
 */
export function dealHand(flow: string, queues: number, handSize: number): number[] {
  const deck = Array.from({ length: queues }, (_, at) => at);
  const size = Math.min(handSize, queues);
  let entropy = createHash('sha256').update(flow).digest().readUIntBE(0, 6);
  return Array.from({ length: size }, () => {
    const at = entropy % deck.length;
    entropy = Math.floor(entropy / deck.length);
    return deck.splice(at, 1)[0] ?? 0;
  });
}
