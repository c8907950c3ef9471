import { FieldErrors, FieldPath, badRequest, invalid } from '#machinery';
import { isTrue } from '../http/request-info.ts';
import { integer } from '../http/query.ts';

export interface LogOptions {
  container: string;
  follow: boolean;
  /** The query for the kubelet. */
  query: URLSearchParams;
}

/** Reads `PodLogOptions` off a query. Throws BadRequest or Invalid (`ValidatePodLogOptions`). */
export function logOptionsOf(query: URLSearchParams, podName: string): LogOptions {
  const out = new URLSearchParams();
  for (const flag of ['follow', 'previous', 'timestamps']) if (isTrue(query.get(flag))) out.set(flag, 'true');
  const errors = new FieldErrors();
  copyNumber(query, out, 'tailLines', 0, errors);
  copyNumber(query, out, 'limitBytes', 1, errors);
  copyNumber(query, out, 'sinceSeconds', 1, errors);
  copySinceTime(query, out, errors);
  if (!errors.empty) throw invalid({ group: '', kindName: 'PodLogOptions' }, podName, errors);
  const stream = query.get('stream');
  if (stream) out.set('stream', stream);
  return { container: query.get('container') ?? '', follow: out.has('follow'), query: out };
}

function copyNumber(from: URLSearchParams, to: URLSearchParams, name: string, least: 0 | 1, errors: FieldErrors): void {
  const value = integer(from, name)[name];
  if (value === undefined) return;
  const rule = least === 1 ? 'must be greater than 0' : 'must be greater than or equal to 0';
  if (value < least) errors.invalid(FieldPath.of(name), value, rule);
  to.set(name, String(value));
}

function copySinceTime(from: URLSearchParams, to: URLSearchParams, errors: FieldErrors): void {
  const value = from.get('sinceTime');
  if (!value) return;
  if (Number.isNaN(Date.parse(value))) {
    throw badRequest(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse`);
  }
  if (from.has('sinceSeconds')) {
    errors.forbidden(FieldPath.of(''), 'at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  to.set('sinceTime', value);
}
