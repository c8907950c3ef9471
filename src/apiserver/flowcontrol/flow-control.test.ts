import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowSchema, PriorityLevelConfiguration, suggestedFlowSchemas, suggestedPriorityLevels } from '#api';
import { VirtualClock } from '#base';
import { decode, type Message } from '#machinery';
import { requestInfoOf } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';
import { dealHand } from './deal-hand.ts';
import { FlowControl, type Grant, type Refusal } from './index.ts';

function made<T>(message: Message<T>, name: string, spec: object): T {
  return decode(message, { metadata: { name, uid: `uid-of-${name}` }, spec }).object;
}

const suggested = suggestedFlowSchemas.map(({ name, spec }) => made(FlowSchema, name, spec));
const suggestedLevels = suggestedPriorityLevels.map(({ name, spec }) => made(PriorityLevelConfiguration, name, spec));

function user(name: string, ...groups: string[]): UserInfo {
  return { name, groups: [...groups, 'system:authenticated'] };
}

/** A server of so many seats, and requests to it. */
class Story {
  readonly clock = new VirtualClock();
  readonly control: FlowControl;
  readonly stop = new AbortController();

  constructor(seats: number, objects = 0) {
    this.control = new FlowControl({ clock: this.clock, seats, maxWaitMs: 15_000, count: () => objects });
  }

  /** The schema of a request, and its level. */
  placeOf(who: UserInfo, method: string, path: string): string {
    const flow = this.control.classify(
      who,
      requestInfoOf(method, path, () => new URLSearchParams()),
    );
    return `${flow?.schema.metadata.name} ${flow?.level.name}`;
  }

  ask(
    who: UserInfo,
    path = '/api/v1/namespaces/default/pods/p',
    query = '',
  ): Grant | Refusal | Promise<Grant | Refusal> {
    const info = requestInfoOf('GET', path, () => new URLSearchParams(query));
    const flow = this.control.classify(who, info);
    assert.ok(flow);
    return this.control.take(flow, { user: who, info, query: new URLSearchParams(query), signal: this.stop.signal });
  }

  granted(who: UserInfo, path?: string, query?: string): Grant {
    const taken = this.ask(who, path, query);
    assert.ok(!(taken instanceof Promise) && typeof taken === 'object');
    return taken;
  }
}

function queueing(
  name: string,
  limited: object = {},
  queuing: object = { queues: 8, handSize: 2, queueLengthLimit: 3 },
) {
  const spec = {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Queue', queuing }, ...limited },
  };
  return made(PriorityLevelConfiguration, name, spec);
}

function everyoneTo(
  level: string,
  by = 'ByUser',
  precedence = 100,
  subjects = [{ kind: 'Group', group: { name: '*' } }],
): FlowSchema {
  const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true };
  const rules = [{ subjects, resourceRules: [all] }];
  const spec = {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: precedence,
    distinguisherMethod: { type: by },
    rules,
  };
  return made(FlowSchema, `to-${level}`, spec);
}

test('requests go where the schemas of every cluster send them', () => {
  const story = new Story(600);
  story.control.configure(suggested, suggestedLevels);
  const node = user('system:node:n', 'system:nodes');
  const account = user('system:serviceaccount:default:a', 'system:serviceaccounts');
  for (const [who, method, path, place] of [
    [user('admin', 'system:masters'), 'GET', '/api/v1/pods', 'exempt exempt'],
    [user('bob'), 'GET', '/healthz', 'probes exempt'],
    [user('bob'), 'GET', '/readyz/etcd', 'probes exempt'],
    [user('bob'), 'GET', '/api/v1/pods', 'global-default global-default'],
    [node, 'PATCH', '/api/v1/nodes/n/status', 'system-node-high node-high'],
    [node, 'PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n', 'system-node-high node-high'],
    [node, 'GET', '/api/v1/pods', 'system-nodes system'],
    [account, 'GET', '/api/v1/pods', 'service-accounts workload-low'],
    [
      user('system:serviceaccount:kube-system:dns', 'system:serviceaccounts'),
      'GET',
      '/api/v1/pods',
      'kube-system-service-accounts workload-high',
    ],
    [
      user('system:kube-scheduler'),
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/s',
      'system-leader-election leader-election',
    ],
    [user('system:kube-scheduler'), 'GET', '/api/v1/pods', 'kube-scheduler workload-high'],
  ] as const) {
    assert.equal(story.placeOf(who, method, path), place, `${who.name} ${path}`);
    assert.equal(story.placeOf(who, method, path), place, 'and again, out of memory');
  }
});

test('a schema that looks at namespaces is asked for each of them, and one without a level matches nothing', () => {
  const story = new Story(10);
  const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods/log', 'pods'], namespaces: ['here'] };
  const rules = [{ subjects: [{ kind: 'User', user: { name: 'bob' } }], resourceRules: [rule] }];
  const only = made(FlowSchema, 'only', { priorityLevelConfiguration: { name: 'mine' }, matchingPrecedence: 5, rules });
  story.control.configure([only, everyoneTo('nowhere', 'ByUser', 1)], [queueing('mine')]);
  assert.equal(story.placeOf(user('bob'), 'GET', '/api/v1/namespaces/here/pods/p'), 'only mine');
  assert.equal(story.placeOf(user('bob'), 'GET', '/api/v1/namespaces/there/pods/p'), 'catch-all catch-all');
  assert.equal(story.placeOf(user('eve'), 'GET', '/api/v1/namespaces/here/pods/p'), 'catch-all catch-all');
  story.control.configure([], []);
  assert.equal(story.placeOf(user('bob'), 'GET', '/api/v1/namespaces/here/pods/p'), 'catch-all catch-all');
});

test('a noisy client fills its own queues, and others pass it by', async () => {
  const story = new Story(2);
  story.control.configure(
    [everyoneTo('one')],
    [queueing('one', { nominalConcurrencyShares: 1000 }, { queues: 64, handSize: 4, queueLengthLimit: 50 })],
  );
  const noisy = user('noisy');
  const running = [story.granted(noisy), story.granted(noisy)];
  const order: string[] = [];
  const asked = async (name: string, who: UserInfo): Promise<void> => {
    const grant = await story.ask(who);
    order.push(name);
    assert.ok(typeof grant === 'object');
    setImmediate(() => grant.release());
  };
  const all = Array.from({ length: 150 }, (_, at) => asked(`noisy-${at}`, noisy));
  all.push(...['a', 'b', 'c'].map((name) => asked(name, user(name))));
  for (const grant of running) grant.release();
  await Promise.all(all);
  for (const name of ['a', 'b', 'c']) {
    assert.ok(order.indexOf(name) < 20, `${name} came after ${order.indexOf(name)} of the noisy client's requests`);
  }
});

test('where the queues of a flow are full, and where there are none, requests are refused', () => {
  const story = new Story(10);
  const reject = made(PriorityLevelConfiguration, 'none', {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } },
  });
  const bobs = [{ kind: 'User', user: { name: 'bob' } }] as never;
  const level = queueing('one', { borrowingLimitPercent: 0 }, { queues: 1, handSize: 1, queueLengthLimit: 2 });
  story.control.configure(
    [everyoneTo('none', 'ByUser', 1, bobs), everyoneTo('one', 'ByUser', 2)],
    [
      level,
      {
        ...reject,
        spec: {
          ...reject.spec,
          limited: { limitResponse: { type: 'Reject' }, nominalConcurrencyShares: 1, borrowingLimitPercent: 0 },
        },
      },
    ],
  );
  const [bob, eve] = [user('bob'), user('eve')];
  const nominal = Math.ceil(10 / 7); // two shares, and five of catch-all
  for (let at = 0; at < nominal; at += 1) for (const one of [bob, eve]) story.granted(one);
  assert.equal(story.ask(bob), 'concurrency-limit');
  for (let at = 0; at < 2; at += 1) assert.ok(story.ask(eve) instanceof Promise);
  assert.equal(story.ask(eve), 'queue-full');
  const text = story.control.text();
  assert.match(
    text,
    /rejected_requests_total\{priority_level="none",flow_schema="to-none",reason="concurrency-limit"\} 1/,
  );
  assert.match(text, /current_inqueue_requests\{priority_level="one",flow_schema="to-one"\} 2/);
  assert.match(text, /nominal_limit_seats\{priority_level="one"\} 2/);
});

test('a request waits for so long, and until its client has gone', async () => {
  const story = new Story(1);
  story.control.configure([everyoneTo('one')], [queueing('one', { nominalConcurrencyShares: 1000 })]);
  const [bob, eve] = [user('bob'), user('eve')];
  const grant = story.granted(bob);
  const late = story.ask(eve);
  await story.clock.advance(15_000);
  assert.equal(await late, 'time-out');
  const left = story.ask(eve);
  story.stop.abort();
  assert.equal(await left, 'cancelled');
  grant.release();
  assert.equal(typeof story.granted(eve), 'object');
});

test('levels lend what they do not need, and get it back first', async () => {
  const story = new Story(10);
  const bobs = [{ kind: 'User', user: { name: 'bob' } }] as never;
  const lend = { nominalConcurrencyShares: 100, lendablePercent: 60 };
  story.control.configure(
    [everyoneTo('bobs', 'ByUser', 1, bobs), everyoneTo('others', 'ByUser', 2)],
    [queueing('bobs', lend), queueing('others', lend)],
  );
  const [bob, eve] = [user('bob'), user('eve')];
  const eves = Array.from({ length: 8 }, () => story.granted(eve)); // five of its own and three that bobs lends
  const waitingEve = story.ask(eve);
  assert.ok(waitingEve instanceof Promise);
  const bobsOwn = [story.granted(bob), story.granted(bob)]; // what bobs lends to nobody
  const waitingBob = story.ask(bob);
  assert.ok(waitingBob instanceof Promise);
  eves[0]?.release();
  const first = await Promise.race([waitingBob.then(() => 'bob'), waitingEve.then(() => 'eve')]);
  assert.equal(first, 'bob');
  for (const grant of bobsOwn) grant.release();
  assert.equal(typeof (await waitingEve), 'object');
});

test('a long list takes several seats, a short one and one object a single one', () => {
  const story = new Story(100, 1000);
  story.control.configure([everyoneTo('one')], [queueing('one', { nominalConcurrencyShares: 1000 })]);
  const seats = (path: string, query?: string): number => {
    const grant = story.granted(user('bob'), path, query);
    const found = /current_executing_seats\{priority_level="one",flow_schema="to-one"\} (\d+)/.exec(
      story.control.text(),
    );
    grant.release();
    return Number(found?.[1]);
  };
  assert.equal(seats('/api/v1/pods'), 10);
  assert.equal(seats('/api/v1/pods', 'limit=250'), 3);
  assert.equal(seats('/api/v1/namespaces/default/pods/p'), 1);
});

test('a hand is always the same for a flow, without a queue twice, and rarely the same for two flows', () => {
  const hands = Array.from({ length: 200 }, (_, at) => dealHand(`flow-${at}`, 64, 6));
  assert.deepEqual(dealHand('flow-7', 64, 6), hands[7]);
  assert.ok(hands.every((hand) => new Set(hand).size === 6 && hand.every((at) => at >= 0 && at < 64)));
  assert.equal(new Set(hands.map((hand) => hand.toSorted((a, b) => a - b).join())).size, 200);
  assert.equal(dealHand('few', 3, 8).length, 3);
});
