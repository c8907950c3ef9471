import { list, listMap, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { MatchCondition, MatchResources } from './match.ts';
import { ParamKind } from './params.ts';
import { Variable } from './variable.ts';

export class ApplyConfiguration extends message('A change by an object that is applied.', {
  expression: string(1, 'The expression that makes the object, in CEL.'),
}) {}

export class JSONPatch extends message('A change by a JSON patch.', {
  expression: string(1, 'The expression that makes the patch, in CEL.'),
}) {}

export class Mutation extends message('A change of the object.', {
  patchType: required(oneOf(2, 'How the change is told.', ['ApplyConfiguration', 'JSONPatch'])),
  applyConfiguration: pointer(of(3, 'An object that is applied.', ApplyConfiguration)),
  jsonPatch: pointer(of(4, 'A JSON patch.', JSONPatch)),
}) {}

export class MutatingAdmissionPolicySpec extends message('Which changes there are, and for which requests.', {
  paramKind: pointer(of(1, 'The kind of the objects that give it parameters.', ParamKind)),
  matchConstraints: pointer(of(2, 'Which requests it is about.', MatchResources)),
  variables: list(3, 'Values that the expressions share.', Variable),
  mutations: list(4, 'What is changed, in order.', Mutation),
  failurePolicy: pointer(
    oneOf(5, 'What becomes of a request when an expression fails; `Fail` by default.', ['Fail', 'Ignore']),
  ),
  matchConditions: listMap(
    6,
    'Expressions that have to be true before anything is changed.',
    ['name'],
    MatchCondition,
    { patchMergeKey: 'name' },
  ),
  reinvocationPolicy: oneOf(7, 'Whether it is applied again when others have changed the object after it.', [
    'IfNeeded',
    'Never',
  ]),
}) {}

export class MutatingAdmissionPolicy extends message(
  'Changes of objects on their way in, once a binding puts them into effect.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: present(of(2, 'What is wanted.', MutatingAdmissionPolicySpec)),
  },
) {}
