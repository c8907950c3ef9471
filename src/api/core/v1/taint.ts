import { int64, message, oneOf, pointer, required, string, time } from '#machinery';

export class Taint extends message('What keeps pods off a node, unless they tolerate it.', {
  key: required(string(1, "The taint's key.", { minLength: 0 })),
  value: string(2, 'Its value.'),
  effect: required(
    oneOf(
      3,
      'Whether pods are not scheduled, rather not scheduled, or also sent away.',
      ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
      { enumIsForRules: true },
    ),
  ),
  timeAdded: pointer(time(4, 'Since when, where pods are sent away.')),
}) {}

export class Toleration extends message('A taint that a pod bears.', {
  key: string(1, "The taint's key; every key when it is empty and the operator is `Exists`."),
  operator: string(2, 'How the value is compared; `Equal` by default.'),
  value: string(3, "The taint's value."),
  effect: string(4, "The taint's effect; every effect when it is empty.", {
    enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
    enumAsListed: true,
  }),
  tolerationSeconds: pointer(int64(5, 'How long a `NoExecute` taint is borne; for ever by default.')),
}) {}
