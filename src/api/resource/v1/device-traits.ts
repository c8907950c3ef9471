import { bool, int64, list, message, oneOf, pointer, required, string, time } from '#machinery';

export class DeviceAttribute extends message(
  'What a device is like in one respect: a value or a list of values, of one type.',
  {
    int: pointer(int64(2, 'A number.')),
    bool: pointer(bool(3, 'Yes or no.')),
    string: pointer(string(4, 'A text.')),
    version: pointer(string(5, 'A version, as semver.org describes it.')),
    ints: list(6, 'Numbers.', int64(0, '')),
    bools: list(7, 'Several yes or no.', bool(0, '')),
    strings: list(8, 'Texts.', string(0, '')),
    versions: list(9, 'Versions.', string(0, '')),
  },
) {}

export class DeviceTaint extends message('Keeps claims away from a device that do not tolerate it.', {
  key: required(string(1, 'Its name, a label key.')),
  value: string(2, 'Its value, a label value.'),
  effect: required(
    oneOf(3, 'What it does: nothing, keep new pods away, or end running ones too.', [
      'NoExecute',
      'NoSchedule',
      'None',
    ]),
  ),
  timeAdded: pointer(time(4, 'When it was added.')),
}) {}

export class DeviceToleration extends message('A taint that a request puts up with.', {
  key: string(1, 'The name of the taint; all taints when it is empty.'),
  operator: oneOf(2, 'Whether the value has to be equal, or any will do.', ['Equal', 'Exists'], { default: 'Equal' }),
  value: string(3, 'The value of the taint.'),
  effect: oneOf(4, 'The effect of the taint; all effects when it is empty.', ['NoExecute', 'NoSchedule', 'None']),
  tolerationSeconds: pointer(int64(5, 'How long a taint that ends pods is put up with; for ever by default.')),
}) {}
