import { message, of, oneOf, pointer, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class ParamKind extends message(
  'The kind of the objects that give a policy its parameters.',
  {
    apiVersion: string(1, 'Its group and version.'),
    kind: string(2, 'Its name.'),
  },
  { mapType: 'atomic' },
) {}

export class ParamRef extends message(
  'The objects that give a policy its parameters.',
  {
    name: string(1, 'The name of the object.'),
    namespace: string(2, 'Its namespace; that of the request by default.'),
    selector: pointer(of(3, 'The labels of the objects, instead of a name.', LabelSelector)),
    parameterNotFoundAction: pointer(
      oneOf(4, 'What becomes of a request when there is none; `Deny` by default.', ['Deny', 'Allow'], {
        enumAsListed: true,
      }),
    ),
  },
  { mapType: 'atomic' },
) {}
