import { deepFreeze } from '#base';
import { successStatus } from '#machinery';
import { pieceOf } from '#wire';
import type { Answer } from './rest.ts';

/** An answer that is not stored anywhere: a Scale, a Status, a token. */
export function answerOf(object: object): Answer {
  const jsonLine = pieceOf(`${JSON.stringify(object)}\n`);
  return { object: deepFreeze(object), jsonLine };
}

/** Something that is not kept was made (a binding, an eviction), and there is nothing to show. */
export function createdAnswer(): Answer {
  return answerOf({ ...successStatus(), code: 201 });
}
