import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldErrors } from '#machinery';
import { causes, defaulted, row } from '../testing/submit.ts';
import { certificateSigningRequests } from './v1/certificate-signing-requests.ts';
import { validateApproval, validateSigning } from './v1/decision-validation.ts';

const metadata = { name: 'one' };
const request = (spec: object): object => ({
  metadata,
  spec: { request: 'cHJv', signerName: 'example.com/me', usages: ['client auth'], ...spec },
});
const decided = (...conditions: object[]): object => ({ ...request({}), status: { conditions } });
const approved = { type: 'Approved', status: 'True' };
const denied = { type: 'Denied', status: 'True' };

test('a request names what it is for, and a signer with a domain', () => {
  const wrong = (spec: object): string[] => causes(certificateSigningRequests, request(spec));
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(wrong({ usages: [] }), ['spec.usages: Required value']);
  assert.deepEqual(wrong({ usages: ['any', 'any'] }), ['spec.usages[1]: Duplicate value: "any"']);
  assert.match(
    wrong({ usages: ['fun'] }).join(),
    /spec.usages\[0\]: Unsupported value: "fun": supported values: "any", /,
  );
  assert.deepEqual(wrong({ expirationSeconds: 599 }), [
    'spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)',
  ]);
  assert.deepEqual(wrong({ signerName: 'kubernetes.io/legacy-unknown' }), [
    'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
  ]);
  assert.deepEqual(wrong({ signerName: 'me' }), [
    `spec.signerName: Invalid value: "me": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
  ]);
  assert.deepEqual(wrong({ signerName: 'com/me' }), [
    'spec.signerName: Invalid value: "com": should be a domain with at least two segments separated by dots',
  ]);
  assert.match(wrong({ signerName: 'example.com/Me' }).join(), /"Me": validating label "Me": a lowercase RFC 1123 sub/);
});

test('decisions are made once, by those who approve', () => {
  const judge = (rule: typeof validateApproval, now: object, old: object): string[] => {
    const errors = new FieldErrors();
    rule(defaulted(certificateSigningRequests, now), errors, defaulted(certificateSigningRequests, old));
    return errors.list.map(({ field, message }) => `${field}: ${message}`);
  };
  assert.deepEqual(judge(validateApproval, decided(approved), decided()), []);
  assert.deepEqual(judge(validateSigning, decided(approved), decided()), [
    'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
  ]);
  assert.deepEqual(judge(validateApproval, decided(), decided(approved)), [
    'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
  ]);
  assert.deepEqual(judge(validateApproval, decided(approved, denied), decided(approved)), [
    'status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
  ]);
  assert.deepEqual(judge(validateApproval, decided({ ...approved, status: 'False' }), decided()), [
    'status.conditions[0].status: Unsupported value: "False": supported values: "True"',
  ]);
  const signed = { ...request({}), status: { certificate: 'cHJv' } };
  assert.deepEqual(judge(validateApproval, signed, decided()), [
    'status.certificate: Forbidden: updates may not set certificate content',
  ]);
  assert.deepEqual(judge(validateSigning, signed, decided()), [
    'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
  ]);
  const key = Buffer.from('-----BEGIN EC KEY-----\nAAAA\n-----END EC KEY-----\n').toString('base64');
  assert.deepEqual(judge(validateSigning, { ...request({}), status: { certificate: key } }, signed), [
    'status.certificate: Forbidden: updates may not modify existing certificate content',
  ]);
});

test('what kubectl get shows of requests', () => {
  assert.deepEqual(row(certificateSigningRequests, request({ username: 'ann', expirationSeconds: 3600 })), {
    Name: 'one',
    Age: '<unknown>',
    SignerName: 'example.com/me',
    Requestor: 'ann',
    RequestedDuration: '60m',
    Condition: 'Pending',
  });
  const condition = (status: object): unknown =>
    row(certificateSigningRequests, { ...request({}), status })['Condition'];
  assert.equal(condition({ conditions: [approved], certificate: 'cHJv' }), 'Approved,Issued');
  assert.equal(condition({ conditions: [denied] }), 'Denied');
  assert.equal(condition({ conditions: [approved, { type: 'Failed', status: 'True' }] }), 'Approved,Failed');
});
