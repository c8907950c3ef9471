import type { CertificateSigningRequest } from '#api';
import { parseCsr } from '#wire';
import { refused } from './refused.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

const signer = 'kubernetes.io/kube-apiserver-client';

/** Nobody gets a certificate of the group that may do everything (`plugin/pkg/admission/certificates/subjectrestriction`). */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  async validate(attributes: Attributes) {
    const { operation, resource, subresource } = attributes;
    if (operation !== 'CREATE' || resource.plural !== 'certificatesigningrequests' || subresource !== '') return;
    const { spec } = attributes.object as CertificateSigningRequest;
    if (resource.group !== 'certificates.k8s.io' || spec.signerName !== signer) return;
    // That it can be read is settled: the kind's rules come before.
    const { organizations } = await parseCsr(Buffer.from(spec.request, 'base64').toString('latin1'));
    if (!organizations.includes('system:masters')) return;
    throw refused(attributes, `use of ${signer} signer with system:masters group is not allowed`);
  },
};
