import { deepFreeze } from '#base';
import { successStatus } from '#machinery';
import type { Answer } from './rest.ts';

/** An answer that is not stored anywhere: a Scale, a Status, a token. */
export function answerOf(object: object): Answer {
  const json = Buffer.from(JSON.stringify(object));
  return { object: deepFreeze(object), json };
}

/** Something that is not kept was made (a binding, an eviction), and there is nothing to show. */
export function createdAnswer(): Answer {
  return answerOf({ ...successStatus(), code: 201 });
}
