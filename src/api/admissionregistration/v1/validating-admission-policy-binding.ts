import { message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { MatchResources } from './match.ts';
import { ParamRef } from './params.ts';

export class ValidatingAdmissionPolicyBindingSpec extends message('Which policy is in effect, for which requests.', {
  policyName: required(string(1, 'The name of the policy.', { emitEmpty: false })),
  paramRef: pointer(of(2, 'The objects that give it parameters.', ParamRef)),
  matchResources: pointer(of(3, "Which of the policy's requests are meant; all by default.", MatchResources)),
  validationActions: required(
    set(4, 'What becomes of requests that do not obey.', oneOf(0, '', ['Audit', 'Deny', 'Warn']), { emitEmpty: false }),
  ),
}) {}

export class ValidatingAdmissionPolicyBinding extends message('Puts a policy into effect.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', ValidatingAdmissionPolicyBindingSpec)),
}) {}
