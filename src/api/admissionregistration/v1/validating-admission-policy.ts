import { int64, list, listMap, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { MatchCondition, MatchResources } from './match.ts';
import { ParamKind } from './params.ts';
import { Variable } from './variable.ts';

export class Validation extends message('A rule that requests have to obey.', {
  expression: required(string(1, 'What has to be true, in CEL.')),
  message: string(2, 'What to say when it is not.'),
  reason: pointer(
    string(3, 'The reason of the Status: `Forbidden`, `Invalid` by default, or `RequestEntityTooLarge`.'),
  ),
  messageExpression: string(4, 'An expression that makes the message, in CEL.'),
}) {}

export class AuditAnnotation extends message('Something to write into the audit log.', {
  key: required(string(1, 'Under which key.')),
  valueExpression: required(string(2, 'What, in CEL; nothing when it is null.')),
}) {}

export class ValidatingAdmissionPolicySpec extends message('Which rules there are, and for which requests.', {
  paramKind: pointer(of(1, 'The kind of the objects that give it parameters.', ParamKind)),
  matchConstraints: pointer(of(2, 'Which requests it is about.', MatchResources)),
  validations: list(3, 'What has to be true of them.', Validation),
  failurePolicy: pointer(
    oneOf(4, 'What becomes of a request when an expression fails; `Fail` by default.', ['Fail', 'Ignore']),
  ),
  auditAnnotations: list(5, 'What to write into the audit log.', AuditAnnotation),
  matchConditions: listMap(
    6,
    'Expressions that have to be true before the rules are looked at.',
    ['name'],
    MatchCondition,
    { patchMergeKey: 'name' },
  ),
  variables: listMap(7, 'Values that the expressions share.', ['name'], Variable, { patchMergeKey: 'name' }),
}) {}

export class ExpressionWarning extends message('What may be wrong with an expression.', {
  fieldRef: required(string(2, 'Where it stands.')),
  warning: required(string(3, 'What may be wrong.')),
}) {}

export class TypeChecking extends message('What may be wrong with the expressions.', {
  expressionWarnings: list(1, 'What may be wrong.', ExpressionWarning),
}) {}

export class ValidatingAdmissionPolicyStatus extends message('How a policy does.', {
  observedGeneration: int64(1, 'The generation of the policy that this is about.'),
  typeChecking: pointer(of(2, 'What may be wrong with its expressions.', TypeChecking)),
  conditions: listMap(3, 'How it does, aspect by aspect.', ['type'], Condition),
}) {}

export class ValidatingAdmissionPolicy extends message(
  'Rules that requests have to obey, once a binding puts them into effect.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: present(of(2, 'What is wanted.', ValidatingAdmissionPolicySpec)),
    status: present(of(3, 'What is.', ValidatingAdmissionPolicyStatus)),
  },
) {}
