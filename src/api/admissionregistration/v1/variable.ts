import { message, required, string } from '#machinery';

export class Variable extends message(
  'A value that expressions share.',
  {
    name: required(string(1, 'Its name, by which expressions know it as `variables.name`.')),
    expression: required(string(2, 'The expression that makes it, in CEL.')),
  },
  { mapType: 'atomic' },
) {}
