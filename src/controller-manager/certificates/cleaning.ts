import { X509Certificate } from 'node:crypto';
import type { Component } from '#base';
import { certificateSigningRequests, type CertificateSigningRequest } from '#api';
import { isStatusError, nameOf, parseTime } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { conditionOf } from '../objects.ts';

const periodMs = 60 * 60_000;
const hourMs = 60 * 60_000;
/** How long requests are kept once they are decided, and while nobody decides (`pkg/controller/certificates/cleaner`). */
const decidedMs = hourMs;
const pendingMs = 24 * hourMs;

/** Deletes requests for certificates that have served their purpose, or never will. */
export function certificateCleaning({ client, informers, clock, log }: ControllerContext): Component {
  const known = informers.of(certificateSigningRequests);
  const round = async (): Promise<void> => {
    for (const request of known.lister.list()) {
      if (!isOver(request, clock.now())) continue;
      await client
        .of(certificateSigningRequests)
        .delete(nameOf(request))
        .catch((error: unknown) => {
          if (!isStatusError(error, 'NotFound')) log.warn({ request: nameOf(request), error }, 'could not be deleted');
        });
    }
  };
  return {
    async run(signal) {
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([stopped, known.synced]);
      while (!signal.aborted) {
        await round();
        await clock.sleep(periodMs, signal).catch(() => {}); // the signal ends the loop
      }
    },
  };
}

function isOver({ metadata, status }: CertificateSigningRequest, nowMs: number): boolean {
  const { conditions = [], certificate } = status;
  const isOlder = (since: string | undefined, ms: number): boolean =>
    since !== undefined && nowMs - parseTime(since) > ms;
  if (conditions.length === 0) return isOlder(metadata.creationTimestamp, pendingMs);
  const decided = (type: string): string | undefined => conditionOf(conditions, type)?.lastUpdateTime;
  if (isOlder(decided('Denied'), decidedMs) || isOlder(decided('Failed'), decidedMs)) return true;
  if (!certificate) return isOlder(decided('Approved'), pendingMs);
  return isOlder(decided('Approved'), decidedMs) || hasExpired(certificate, nowMs);
}

/** What cannot be read was signed by others, who know what it is. */
function hasExpired(certificate: string, nowMs: number): boolean {
  try {
    return new X509Certificate(Buffer.from(certificate, 'base64')).validToDate.getTime() < nowMs;
  } catch {
    return false;
  }
}
