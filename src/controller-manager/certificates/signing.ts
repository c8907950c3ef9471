import type { Component } from '#base';
import { certificateSigningRequests, type CertificateSigningRequest } from '#api';
import { Controller } from '#client';
import { formatTime, keyOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { conditionOf, copyWith } from '../objects.ts';
import type { CertificateAuthority, SigningOptions } from './authority.ts';
import { signers } from './signers.ts';

type Status = CertificateSigningRequest['status'];

/** How long a certificate is good at most, and at least, whatever was asked for (`duration` of upstream's signer). */
const maxSeconds = 365 * 24 * 3600;
const minSeconds = 600;

const usageNames: Readonly<Record<string, SigningOptions['usages'][number]>> = {
  'client auth': 'client',
  'server auth': 'server',
};

/** Has approved requests signed by the cluster's authority (`pkg/controller/certificates/signer`). */
export function certificateSigning(
  { client, informers, clock, log }: ControllerContext,
  authority: CertificateAuthority,
): Component {
  const known = informers.of(certificateSigningRequests);
  const write = async (request: CertificateSigningRequest, status: Status): Promise<void> =>
    void (await client.of(certificateSigningRequests).updateStatus(copyWith(request, { status })));
  const controller = new Controller({
    name: 'csrsigning',
    waitFor: [known],
    clock,
    log,
    async reconcile(key) {
      const request = known.lister.get(key);
      const check = request && signers.get(request.spec.signerName);
      if (!check || !isWaiting(request)) return;
      const { request: encoded, usages = [], expirationSeconds } = request.spec;
      const csrPem = Buffer.from(encoded, 'base64').toString('latin1');
      const problem = check(await authority.parse(csrPem), new Set(usages));
      if (problem !== undefined) return write(request, failed(request.status, problem, formatTime(clock.now())));
      const seconds = Math.min(maxSeconds, Math.max(minSeconds, expirationSeconds ?? maxSeconds));
      const extended = usages.flatMap((usage) => usageNames[usage] ?? []);
      const certificate = await authority.sign(csrPem, { usages: extended, seconds, nowMs: clock.now() });
      await write(request, { ...request.status, certificate: Buffer.from(certificate).toString('base64') });
    },
  });
  const look = (request: CertificateSigningRequest): void => controller.queue.add(keyOf(request));
  known.on({ added: look, updated: (_, request) => look(request) });
  return controller;
}

/** Approved, and not decided otherwise or signed yet. */
function isWaiting({ status }: CertificateSigningRequest): boolean {
  const is = (type: string): boolean => conditionOf(status.conditions, type)?.status === 'True';
  return is('Approved') && !is('Denied') && !is('Failed') && !status.certificate;
}

function failed(status: Status, message: string, now: string): Status {
  const condition = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime: now };
  return { ...status, conditions: [...(status.conditions ?? []), condition] };
}
