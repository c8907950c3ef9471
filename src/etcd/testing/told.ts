import { EtcdError, type EtcdErrorCode } from '../errors.ts';
import type { KeyValue, RangeRequest, RequestOp, ResponseOp, TxnRequest, TxnResponse, WatchEvent } from '../store.ts';
import type { ModelEvent, ModelKv, ModelResponse, ModelResult } from './model.ts';

// What an engine answered, in the words of the model.

/** The answer to a transaction, or what it was refused with. */
export async function told(request: TxnRequest, answer: Promise<TxnResponse>): Promise<ModelResult> {
  const result = await orRefused(answer);
  if ('error' in result) return result;
  const { header, succeeded, responses } = result;
  return { revision: header.revision, succeeded, responses: responsesOf(request, result, responses) };
}

/** The value, or the code of the `EtcdError` that came instead. */
export async function orRefused<T>(answer: Promise<T>): Promise<T | { error: EtcdErrorCode }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EtcdError) return { error: error.code };
    throw error;
  }
}

/** An event as the model tells it. */
export function eventOf({ type, kv, prevKv }: WatchEvent): ModelEvent {
  return { type, kv: kvOf(kv), ...(prevKv && { prevKv: kvOf(prevKv) }) };
}

/** What a range found. Of those that are equal in what they are sorted by, no order is told (`model.ts`). */
export function rangeOf(
  { sort }: RangeRequest,
  { kvs, more, count }: { kvs: KeyValue[]; more: boolean; count: number },
): ModelResponse {
  const by = sort && sort.by !== 'key' ? sort.by : undefined;
  const shown = kvs.map(kvOf).map((kv) => (by ? String(kv[by]) : kv));
  return { range: { kvs: shown, more, count } };
}

function responsesOf(
  { success, failure }: TxnRequest,
  { succeeded }: { succeeded: boolean },
  responses: readonly ResponseOp[],
): ModelResponse[] {
  const ops = succeeded ? success : failure;
  return responses.map((response, at) => responseOf(ops[at], response));
}

function responseOf(op: RequestOp | undefined, response: ResponseOp): ModelResponse {
  if ('range' in response && op && 'range' in op) return rangeOf(op.range, response.range);
  if ('put' in response) return { put: response.put.prevKv ? { prevKv: kvOf(response.put.prevKv) } : {} };
  if ('deleteRange' in response) {
    const { deleted, prevKvs } = response.deleteRange;
    return { deleteRange: { deleted, prevKvs: prevKvs.map(kvOf) } };
  }
  if (!('txn' in response) || !op || !('txn' in op)) throw new Error('an operation was answered with another');
  const { succeeded, responses } = response.txn;
  return { txn: { succeeded, responses: responsesOf(op.txn, response.txn, responses) } };
}

function kvOf({ key, value, createRevision, modRevision, version, lease }: KeyValue): ModelKv {
  return {
    key: text(key),
    value: text(value),
    create: createRevision,
    mod: modRevision,
    version,
    lease: String(lease),
  };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
