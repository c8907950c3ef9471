import { message, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { MatchResources } from './match.ts';
import { ParamRef } from './params.ts';

export class MutatingAdmissionPolicyBindingSpec extends message('Which policy is in effect, for which requests.', {
  policyName: string(1, 'The name of the policy.'),
  paramRef: pointer(of(2, 'The objects that give it parameters.', ParamRef)),
  matchResources: pointer(of(3, "Which of the policy's requests are meant; all by default.", MatchResources)),
}) {}

export class MutatingAdmissionPolicyBinding extends message('Puts a policy into effect.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', MutatingAdmissionPolicyBindingSpec)),
}) {}
