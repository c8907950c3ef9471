import type { CertificateSigningRequest } from '#api';
import { isEqualJson } from '#machinery';
import type { AdmissionPlugin, Attributes as Write } from '../admission/index.ts';
import { refused } from '../admission/refused.ts';
import type { UserInfo } from '../registry/rest.ts';
import type { Authorizer } from './attributes.ts';

const group = 'certificates.k8s.io';

/**
 * Who approves requests needs the verb `approve` on the signer (`plugin/pkg/admission/certificates/approval`). The
 * authorizer is asked for when it is needed: it reads the registry that this plugin is part of.
 */
export function certificateApproval(authorizer: () => Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateApproval',
    validate(write) {
      const { old } = requestsOf(write, 'approval') ?? {};
      if (!old || maySign(authorizer(), write.user, 'approve', old.spec.signerName)) return;
      throw refused(
        write,
        `user not permitted to approve requests with signerName ${JSON.stringify(old.spec.signerName)}`,
      );
    },
  };
}

/** Who writes certificates needs the verb `sign` on the signer (`plugin/pkg/admission/certificates/signing`). */
export function certificateSigning(authorizer: () => Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateSigning',
    validate(write) {
      const { object, old } = requestsOf(write, 'status') ?? {};
      if (!object || !old || isSameStatus(object, old)) return;
      if (maySign(authorizer(), write.user, 'sign', old.spec.signerName)) return;
      throw refused(
        write,
        `user not permitted to sign requests with signerName ${JSON.stringify(old.spec.signerName)}`,
      );
    },
  };
}

/** The request before and after an update of this subresource; undefined for all other writes. */
function requestsOf(
  { operation, resource, subresource, object, old }: Write,
  wanted: string,
): { object: CertificateSigningRequest; old: CertificateSigningRequest } | undefined {
  if (operation !== 'UPDATE' || subresource !== wanted) return undefined;
  if (resource.group !== group || resource.plural !== 'certificatesigningrequests') return undefined;
  // The resource says what its objects are.
  return { object: object as CertificateSigningRequest, old: old as CertificateSigningRequest };
}

function isSameStatus({ status }: CertificateSigningRequest, { status: old }: CertificateSigningRequest): boolean {
  const { certificate = '', conditions = [] } = status;
  return certificate === (old.certificate ?? '') && isEqualJson(conditions, old.conditions ?? []);
}

/** Whether somebody may do this for the signer, or for all of the signer's domain. */
function maySign(authorizer: Authorizer, user: UserInfo, verb: string, signerName: string): boolean {
  const [domain = ''] = signerName.split('/');
  const place = { group, version: '*', resource: 'signers', subresource: '', namespace: '', path: '' };
  return [signerName, `${domain}/*`].some(
    (name) => authorizer.authorize({ user, verb, isResourceRequest: true, ...place, name }).allowed,
  );
}
