import { FieldPath, type FieldErrors } from '#machinery';
import { certificateProblem } from './certificate-problem.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from './certificate-signing-request.ts';

type Csr = CertificateSigningRequest;

const path = FieldPath.of('status');
const conditionsPath = path.child('conditions');
const certificatePath = path.child('certificate');
const decisions = ['Approved', 'Denied'];
const finalTypes = [...decisions, 'Failed'];

/** Who approves or denies decides once, and writes no certificate. */
export function validateApproval(csr: Csr, errors: FieldErrors, old: Csr): void {
  validateConditions(csr, errors, old);
  if (csr.status.certificate === old.status.certificate) return;
  errors.forbidden(certificatePath, 'updates may not set certificate content');
}

/** Who signs writes the certificate, once, and decides nothing. */
export function validateSigning(csr: Csr, errors: FieldErrors, old: Csr): void {
  validateConditions(csr, errors, old);
  for (const type of decisions) {
    if (countOf(csr, type) <= countOf(old, type)) continue;
    errors.forbidden(conditionsPath, `updates may not add a condition of type ${JSON.stringify(type)}`);
  }
  validateCertificate(csr, errors, old);
}

function validateCertificate({ status }: Csr, errors: FieldErrors, { status: old }: Csr): void {
  const { certificate = '' } = status;
  if (certificate === (old.certificate ?? '')) return;
  // What was stored before this was checked may be anything.
  if (!old.certificate || certificateProblem(old.certificate) === undefined) {
    const problem = certificateProblem(certificate);
    if (problem !== undefined) errors.invalid(certificatePath, '<certificate data>', problem);
  }
  if (old.certificate) errors.forbidden(certificatePath, 'updates may not modify existing certificate content');
}

function validateConditions(csr: Csr, errors: FieldErrors, old: Csr): void {
  const { conditions = [] } = csr.status;
  for (const [at, condition] of conditions.entries()) {
    validateCondition(condition, conditions.slice(0, at), errors, conditionsPath.index(at));
  }
  for (const type of finalTypes) {
    if (countOf(csr, type) >= countOf(old, type)) continue;
    errors.forbidden(conditionsPath, `updates may not remove a condition of type ${JSON.stringify(type)}`);
  }
}

function validateCondition(
  { type, status }: CertificateSigningRequestCondition,
  before: readonly CertificateSigningRequestCondition[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (type === '') errors.required(path.child('type'));
  const allowed = finalTypes.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
  if (status === '') errors.required(path.child('status'));
  else if (!allowed.includes(status)) errors.notSupported(path.child('status'), status, allowed);
  const other = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
  if (other !== undefined && before.some((one) => one.type === other)) {
    errors.invalid(path.child('type'), type, 'Approved and Denied conditions are mutually exclusive');
  }
  if (before.some((one) => one.type === type)) errors.duplicate(path.child('type'), type);
}

function countOf({ status }: Csr, type: string): number {
  return (status.conditions ?? []).filter((one) => one.type === type).length;
}
