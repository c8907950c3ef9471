import { list, message, required, string } from '#machinery';

export class CustomResourceDefinitionNames extends message('What a custom resource is called.', {
  plural: required(string(1, 'Its name in URLs: lower case, many.', { minLength: 0 })),
  singular: string(2, 'As one says it of one; the kind in lower case by default.'),
  shortNames: list(3, 'Shorter ways to say it to clients.', string(0, '')),
  kind: required(string(4, 'The name of its type.', { minLength: 0 })),
  listKind: string(5, 'The name of a list of it; the kind with `List` behind it by default.'),
  categories: list(6, 'Groups of resources that it belongs to, `all` for one.', string(0, '')),
}) {}
