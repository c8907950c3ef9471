/**
 * API priority and fairness: who is served when not all can be.
 *
 * A request comes in after it is known who asks (`http/filters`). The `Classifier` finds the first FlowSchema that matches
 * its user and what it asks for, and remembers that; the schema names a priority level, and tells flows apart by user or
 * namespace. A `PriorityLevel` has so many seats, a share of what the server can do at once, and lends some of them to
 * others while it needs none. A request takes a seat, a long list several. Where none is left it is refused, or waits: in
 * one of a few queues that its flow was dealt (`dealHand`), so that a noisy flow fills those and others pass it by. Which
 * queue is next is decided by fair queuing (`FairQueues`): the one that has been given the least.
 *
 * `FlowControl` holds it all together: it is told of the objects as they are (`keepers/flow-control.ts`), hands out `Grant`s,
 * and counts. Where nothing is busy a request costs a look into a map and two headers.
 */
export { FlowControl, type FlowControlOptions } from './flow-control.ts';
export type { Grant, Refusal } from './priority-level.ts';
