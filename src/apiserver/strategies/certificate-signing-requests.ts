import { messageOf, type Clock } from '#base';
import { dropFields, FieldPath, formatTime, type FieldErrors } from '#machinery';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '#api';
import { parseCsr } from '#wire';
import type { Strategy } from '../registry/strategy.ts';
import { keepSpec, keepStatus } from './spec-and-status.ts';

type Csr = CertificateSigningRequest;

/**
 * Requests for certificates (`pkg/registry/certificates/certificates/strategy.go`). Who asks is written into them; from
 * then on one door is for those who approve or deny, and another for those who sign.
 */
export function certificateSigningRequestStrategy(clock: Clock): Strategy<Csr> {
  const now = (): string => formatTime(clock.now());
  return {
    prepareForCreate(csr, { user }) {
      const { request, signerName, expirationSeconds, usages } = csr.spec;
      csr.spec = {
        request,
        signerName,
        ...(expirationSeconds !== undefined && { expirationSeconds }),
        ...(usages && { usages }),
        username: user.name,
        ...(user.uid && { uid: user.uid }),
        groups: [...user.groups],
        ...(user.extra && { extra: structuredClone(user.extra) }),
      };
      csr.status = {};
    },
    validateCreate: validateRequest,
    prepareForUpdate(csr, old) {
      keepSpec(csr, old);
      keepStatus(csr, old);
    },
    ownable: dropFields('spec', 'status'),
    subresources: {
      status: (store) =>
        store.partial('status', {
          validatesObject: false,
          ownable: dropFields('spec', 'status.conditions'),
          prepareForUpdate(csr, old) {
            keepSpec(csr, old);
            for (const type of ['Approved', 'Denied']) keepConditions(csr, old, type);
            setTimes(csr, old, now());
          },
        }),
      approval: (store) =>
        store.partial('approval', {
          validatesObject: false,
          ownable: dropFields('spec', 'status.certificate'),
          prepareForUpdate(csr, old) {
            setTimes(csr, old, now());
            const { conditions } = csr.status;
            keepSpec(csr, old);
            csr.status = { ...structuredClone(old.status) };
            if (conditions) csr.status.conditions = conditions;
            else delete csr.status.conditions;
          },
        }),
    },
  };
}

async function validateRequest({ spec: { request } }: Csr, errors: FieldErrors): Promise<void> {
  const problem = await requestProblem(Buffer.from(request, 'base64').toString('latin1'));
  if (problem === undefined) return;
  // Upstream reads the request before it looks at what else is asked.
  const first = errors.list.findIndex(({ field }) => field.startsWith('spec.'));
  const behind = first < 0 ? [] : errors.list.splice(first);
  errors.invalid(FieldPath.of('spec', 'request'), request, problem);
  errors.list.push(...behind);
}

async function requestProblem(pem: string): Promise<string | undefined> {
  const type = /-----BEGIN ([^-]+)-----/.exec(pem)?.[1];
  if (type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    await parseCsr(pem);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Decisions of this type stay as they were; when there are more or fewer now, validation tells. */
function keepConditions({ status }: Csr, old: Csr, type: string): void {
  const before = (old.status.conditions ?? []).filter((one) => one.type === type);
  const conditions = status.conditions ?? [];
  if (before.length === 0 || conditions.filter((one) => one.type === type).length !== before.length) return;
  status.conditions = conditions.map((one) => (one.type === type ? structuredClone(before.shift() ?? one) : one));
}

function setTimes({ status: { conditions = [] } }: Csr, old: Csr, now: string): void {
  for (const condition of conditions) {
    condition.lastUpdateTime ??= now;
    condition.lastTransitionTime ??= sinceWhen(condition, old) ?? now;
  }
}

function sinceWhen({ type, status }: CertificateSigningRequestCondition, old: Csr): string | undefined {
  const same = old.status.conditions?.filter((one) => one.type === type && one.status === status);
  return same?.find(({ lastTransitionTime }) => lastTransitionTime !== undefined)?.lastTransitionTime;
}
