import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, int32, message, service, unary } from '#wire';
import * as rpc from '../rpc/index.ts';
import { kvService, type KvService } from '../rpc/services.ts';
import { b, failsWith, ServedMember } from './testing/served-member.ts';

const put = (key: string, more: Parameters<typeof rpc.PutRequest.of>[0] = {}): ReturnType<typeof rpc.PutRequest.of> =>
  rpc.PutRequest.of({ key: b(key), ...more });
const range = (key: string, more: Parameters<typeof rpc.RangeRequest.of>[0] = {}) =>
  rpc.RangeRequest.of({ key: b(key), ...more });
const deletion = (key: string) => rpc.DeleteRangeRequest.of({ key: b(key) });
const txn = (...success: rpc.RequestOpMessage[]): rpc.TxnRequestMessage => ({ compare: [], success, failure: [] });
const puts = (count: number): rpc.RequestOpMessage[] =>
  Array.from({ length: count }, (_, at) => ({ requestPut: put(`many/${at}`) }));

const duplicate = ['InvalidArgument', 'etcdserver: duplicate key given in txn request'] as const;
const emptyKey = ['InvalidArgument', 'etcdserver: key is not provided'] as const;
const tooMany = ['InvalidArgument', 'etcdserver: too many operations in txn request'] as const;

/** What is refused, and in which words: the first that etcd would notice. */
const refusals: [what: string, ask: (kv: KvService) => Promise<unknown>, code: string, words: string][] = [
  ['a range without a key', (kv) => kv.range(range('')), ...emptyKey],
  ['a put without a key', (kv) => kv.put(put('', { ignoreValue: true, value: b('x') })), ...emptyKey],
  [
    'a value that is to be ignored',
    (kv) => kv.put(put('a', { ignoreValue: true, value: b('x') })),
    'InvalidArgument',
    'etcdserver: value is provided',
  ],
  [
    'a lease that is to be ignored',
    (kv) => kv.put(put('a', { ignoreLease: true, lease: 7n })),
    'InvalidArgument',
    'etcdserver: lease is provided',
  ],
  [
    'keeping the value of no key',
    (kv) => kv.put(put('none', { ignoreValue: true })),
    'InvalidArgument',
    'etcdserver: key not found',
  ],
  [
    'a lease that is not there',
    (kv) => kv.put(put('a', { lease: 7n })),
    'NotFound',
    'etcdserver: requested lease not found',
  ],
  [
    'a request that is too large',
    (kv) => kv.put(put('a', { value: Buffer.alloc(1_600_000) })),
    'InvalidArgument',
    'etcdserver: request is too large',
  ],
  ['a deletion without a key', (kv) => kv.deleteRange(deletion('')), ...emptyKey],
  ['129 operations', (kv) => kv.txn(txn(...puts(129))), ...tooMany],
  ['too many within a transaction', (kv) => kv.txn(txn({ requestTxn: txn(...puts(128)) })), ...tooMany],
  ['an operation that is none', (kv) => kv.txn(txn({})), 'InvalidArgument', 'etcdserver: key not found'],
  ['a put without a key within', (kv) => kv.txn(txn({ requestTxn: txn({ requestPut: put('') }) })), ...emptyKey],
  ['two puts of a key', (kv) => kv.txn(txn({ requestPut: put('a') }, { requestPut: put('a') })), ...duplicate],
  [
    'a revision to come',
    (kv) => kv.range(range('a', { revision: 9999 })),
    'OutOfRange',
    'etcdserver: mvcc: required revision is a future revision',
  ],
  [
    'compacting at a revision to come',
    (kv) => kv.compact({ revision: 9999, physical: false }),
    'OutOfRange',
    'etcdserver: mvcc: required revision is a future revision',
  ],
];

test('what etcd refuses is refused in its words', async (context) => {
  await using served = await ServedMember.start();
  const kv = served.client(kvService);
  for (const [what, ask, code, words] of refusals)
    await context.test(what, () => assert.rejects(ask(kv), failsWith(code, words)));
});

test('a write is measured as etcd measures it; what only reads is not', async () => {
  await using served = await ServedMember.start();
  const kv = served.client(kvService);
  const largest = 1_572_840; // with its key, to which etcd 3.6.8 says yes
  await kv.put(put('a', { value: Buffer.alloc(largest) }));
  const tooLarge = failsWith('InvalidArgument', 'etcdserver: request is too large');
  await assert.rejects(kv.put(put('a', { value: Buffer.alloc(largest + 1) })), tooLarge);
  const compare = [rpc.Compare.of({ key: b('a'), target: 'VALUE', value: Buffer.alloc(1_600_000) })];
  assert.equal((await kv.txn({ compare, success: [], failure: [{ requestRange: range('a') }] })).succeeded, false);
  await assert.rejects(kv.txn({ compare, success: [], failure: [{ requestDeleteRange: deletion('a') }] }), tooLarge);
});

test('answers carry the numbers of the cluster, and of the revision', async () => {
  await using served = await ServedMember.start();
  const kv = served.client(kvService);
  const { header } = await kv.put(put('a', { value: b('1') }));
  // What etcd itself makes of its default name and token.
  assert.deepEqual(header, {
    clusterId: 0xcdf8_1819_4e3a_8c32n,
    memberId: 0x8e9e_05c5_2164_694dn,
    revision: 2,
    raftTerm: 2,
  });
  const previous = await kv.put(put('a', { value: b('2'), prevKv: true }));
  assert.equal(Buffer.from(previous.prevKv?.value ?? []).toString(), '1');
  const all = await kv.range(range('a', { rangeEnd: b('\0'), limit: 1 }));
  assert.deepEqual([all.count, all.more, all.kvs[0]?.version, all.header?.revision], [1, false, 2, 3]);
});

test('a transaction: conditions, branches, answers whose headers tell the revision only', async () => {
  await using served = await ServedMember.start();
  const kv = served.client(kvService);
  await served.put('a', '1');
  const compare = [
    rpc.Compare.of({ key: b('a'), target: 'VALUE', result: 'EQUAL', value: b('1') }),
    rpc.Compare.of({ key: b('a'), target: 'LEASE', result: 'EQUAL' }),
    rpc.Compare.of({ key: b('a'), target: 'MOD', result: 'LESS', modRevision: 3 }),
    rpc.Compare.of({ key: b('none'), target: 'CREATE', result: 'EQUAL', createRevision: 0 }),
    rpc.Compare.of({ key: b('a'), target: 'VERSION', result: 'GREATER', version: 0 }),
    rpc.Compare.of({ key: b('a'), target: 'VERSION', result: 'NOT_EQUAL', version: 2 }),
  ];
  const success = [
    { requestPut: put('b', { value: b('2') }) },
    { requestRange: range('a', { rangeEnd: b('z') }) },
    { requestDeleteRange: deletion('a') },
    { requestTxn: txn({ requestRange: range('a') }) },
  ];
  const won = await kv.txn({ compare, success, failure: [] });
  const header = { clusterId: 0n, memberId: 0n, revision: 3, raftTerm: 0 };
  assert.equal(won.succeeded, true);
  assert.equal(won.header?.memberId, 0x8e9e_05c5_2164_694dn);
  const [first, second, third, fourth] = won.responses;
  assert.deepEqual(first?.responsePut?.header, header);
  assert.equal(second?.responseRange?.count, 2);
  assert.equal(third?.responseDeleteRange?.deleted, 1);
  assert.equal(fourth?.responseTxn?.responses[0]?.responseRange?.count, 0);
  assert.equal(fourth?.responseTxn?.header?.revision, 0);
  const lost = await kv.txn({ compare, success, failure: [{ requestPut: put('lost') }] });
  assert.deepEqual([lost.succeeded, lost.responses.length], [false, 1]);
});

test('sorting by another thing than the key goes up unless told otherwise', async () => {
  await using served = await ServedMember.start();
  const kv = served.client(kvService);
  for (const [key, value] of [
    ['a', '3'],
    ['b', '1'],
    ['c', '2'],
  ] as const)
    await served.put(key, value);
  const order = async (more: Parameters<typeof rpc.RangeRequest.of>[0]): Promise<string> => {
    const { kvs } = await kv.range(range('a', { rangeEnd: b('z'), ...more }));
    return kvs.map(({ key }) => Buffer.from(key).toString()).join('');
  };
  assert.equal(await order({}), 'abc');
  assert.equal(await order({ sortTarget: 'VALUE' }), 'bca');
  assert.equal(await order({ sortTarget: 'VALUE', sortOrder: 'DESCEND' }), 'acb');
  assert.equal(await order({ sortOrder: 'DESCEND' }), 'cba');
  assert.equal(await order({ limit: -1, revision: -1 }), 'abc');
});

test('an order that there is none of is refused', async () => {
  await using served = await ServedMember.start();
  /** A request for ranges whose enums may be any number. */
  class AnyRange extends message({ key: bytes(1), sortOrder: int32(5), sortTarget: int32(6) }) {}
  const anyService = service('etcdserverpb.KV', { range: unary('Range', AnyRange, rpc.RangeResponse) });
  const kv = served.client(anyService);
  const refused = failsWith('InvalidArgument', 'etcdserver: invalid sort option');
  await assert.rejects(kv.range({ key: b('a'), sortOrder: 3, sortTarget: 0 }), refused);
  await assert.rejects(kv.range({ key: b('a'), sortOrder: 0, sortTarget: 5 }), refused);
  await assert.rejects(kv.range({ key: b(''), sortOrder: 3, sortTarget: 0 }), failsWith(...emptyKey));
  assert.equal((await kv.range({ key: b('a'), sortOrder: 2, sortTarget: 4 })).count, 0);
});
