import { resource } from '#machinery';
import { CertificateSigningRequest } from './certificate-signing-request.ts';
import { certificateSigningRequestColumns } from './certificate-signing-request-columns.ts';
import { validateCertificateSigningRequest } from './certificate-signing-request-validation.ts';
import { validateApproval, validateSigning } from './decision-validation.ts';

export const certificateSigningRequests = resource({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: CertificateSigningRequest,
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  nameRule: 'pathSegment',
  subresources: {
    approval: { verbs: ['get', 'patch', 'update'], validate: validateApproval },
    status: { verbs: ['get', 'patch', 'update'], validate: validateSigning },
  },
  columns: certificateSigningRequestColumns,
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  validate: validateCertificateSigningRequest,
});
