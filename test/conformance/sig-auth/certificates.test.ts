import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { certificateSigningRequests, type CertificateSigningRequest } from '#api';
import type { New } from '#client';
import { nameOf } from '#machinery';
import { createCa, createCsr } from '#wire';
import { askSubresource, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

describe('Certificates API', () => {
  const cluster = conformanceCluster();
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const type = 'application/merge-patch+json';

  test('[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations [Conformance]', async () => {
    const { csrPem } = await createCsr({ commonName: 'e2e.example.com', dnsNames: ['e2e.example.com'] });
    const signerName = 'example.com/e2e-certificates';
    const make = (): New<CertificateSigningRequest> => ({
      metadata: { generateName: 'e2e-example-csr-' },
      spec: {
        request: base64(csrPem),
        signerName,
        expirationSeconds: 3600,
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    });
    const subresources = ['approval', 'status'];
    await showApiOperations(cluster, {
      resource: certificateSigningRequests,
      make,
      subresources,
      check: ({ spec }) => assert.equal(spec.expirationSeconds, 3600),
    });

    const calls = cluster.client.of(certificateSigningRequests);
    const created = await calls.create(make());
    const { items } = await calls.list({ fieldSelector: `spec.signerName=${signerName}` });
    assert.deepEqual(items.map(nameOf), [nameOf(created)]);
    const path = `/apis/certificates.k8s.io/v1/certificatesigningrequests/${nameOf(created)}`;

    const approval = `${path}/approval`;
    const read = await askSubresource(cluster, approval);
    assert.deepEqual([read.kind, read.metadata.uid], ['CertificateSigningRequest', created.metadata.uid]);
    const condition = { type: 'ApprovalPatch', status: 'True', reason: 'e2e' };
    const patched = await askSubresource(cluster, approval, {
      method: 'PATCH',
      type,
      body: { metadata: { annotations: { patchedapproval: 'true' } }, status: { conditions: [condition] } },
    });
    assert.equal(patched.status.conditions.length, 1);
    assert.equal(patched.status.conditions[0].type, 'ApprovalPatch');
    assert.equal(patched.metadata.annotations.patchedapproval, 'true');
    const approved = { type: 'Approved', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
    const updated = await askSubresource(cluster, approval, {
      method: 'PUT',
      body: { ...patched, status: { conditions: [...patched.status.conditions, approved] } },
    });
    assert.equal(updated.status.conditions.length, 2);
    assert.equal(updated.status.conditions[1].type, 'Approved');

    const statusPath = `${path}/status`;
    const status = await askSubresource(cluster, statusPath);
    assert.deepEqual([status.kind, status.metadata.uid], ['CertificateSigningRequest', created.metadata.uid]);
    const certificate = base64((await createCa({ commonName: 'e2e.example.com' })).certPem);
    const signed = await askSubresource(cluster, statusPath, {
      method: 'PATCH',
      type,
      body: { metadata: { annotations: { patchedstatus: 'true' } }, status: { certificate } },
    });
    assert.equal(signed.status.certificate, certificate);
    assert.equal(signed.metadata.annotations.patchedstatus, 'true');
    const failed = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
    const told = await askSubresource(cluster, statusPath, {
      method: 'PUT',
      body: { ...signed, status: { ...signed.status, conditions: [...signed.status.conditions, failed] } },
    });
    assert.equal(told.status.conditions.length, 3);
    assert.equal(told.status.conditions[2].type, 'StatusUpdate');
    await calls.delete(nameOf(created));
  });
});
