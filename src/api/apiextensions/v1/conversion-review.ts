import { list, message, of, pointer, raw, required, string } from '#machinery';
import { Status } from '../../meta/v1/status.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ConversionRequest extends message('What a webhook is asked to convert.', {
  uid: required(string(1, 'Tells this request from others.')),
  desiredAPIVersion: required(string(2, 'The group and version to convert to.', { minLength: 0 })),
  objects: required(list(3, 'The objects.', raw(0, '', 'rawExtension'))),
}) {}

export class ConversionResponse extends message('What a webhook made of it.', {
  uid: required(string(1, 'Of the request.')),
  convertedObjects: required(
    list(
      2,
      'The objects in the desired version, in the order of the request; none when it failed.',
      raw(0, '', 'rawExtension'),
    ),
  ),
  result: required(of(3, 'Whether it went well.', Status)),
}) {}

export class ConversionReview extends message('Asks a webhook to convert objects, and has its answer.', {
  ...typeMeta,
  request: pointer(of(1, 'The question.', ConversionRequest)),
  response: pointer(of(2, 'The answer.', ConversionResponse)),
}) {}
