import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KeyedMutex, messageOf } from '#base';
import { countMembers, parseJson } from '../json.ts';
import { badRequest } from '../status.ts';
import { NestingError, parseText, type YamlContent } from './parse-text.ts';
import type { YamlAnswer } from './yaml-worker.ts';

/** A longer text holds the thread for longer than a request may (20 to 40 µs a line). */
const maxInlineChars = 16_384;

/** The thread has stack for the deepest nesting that is taken, and memory for the largest body. */
const resourceLimits = { stackSizeMb: 8, maxOldGenerationSizeMb: 1024 };

/** In a bundle all parts lie in one folder, each under its name. */
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './yaml-worker.ts' : './yaml-worker.mjs', import.meta.url);

/** Threads are for texts that nobody sends often: one at a time, so that many of those do not take all processors. */
const turns = new KeyedMutex();

/** All documents of a YAML (or JSON) text that hold anything, as plain JSON. Throws StatusError (BadRequest), with the line. */
export function parseYaml(text: string): unknown[] {
  try {
    return parseText(text).documents;
  } catch (error) {
    throw unreadable(error);
  }
}

/** As `parseYaml`, with the keys that stand twice; a large text is read beside the event loop, which goes on. */
export async function readYaml(text: string): Promise<YamlContent> {
  try {
    return (text.length <= maxInlineChars && parseInline(text)) || (await turns.run('', () => parseAside(text)));
  } catch (error) {
    throw unreadable(error);
  }
}

/** Nothing when the stack of this thread does not suffice. */
function parseInline(text: string): YamlContent | undefined {
  try {
    const content = parseText(text);
    for (const document of content.documents) countMembers(document);
    return content;
  } catch (error) {
    if (error instanceof NestingError) return undefined;
    throw error;
  }
}

async function parseAside(text: string): Promise<YamlContent> {
  const worker = new Worker(workerFile, { workerData: text, resourceLimits, stdin: false });
  try {
    const [answer] = (await once(worker, 'message')) as [YamlAnswer];
    if ('problem' in answer) throw new Error(answer.problem);
    return { documents: parseJson(answer.documents).value as unknown[], doubledKeys: answer.doubledKeys };
  } finally {
    await worker.terminate();
  }
}

function unreadable(error: unknown): Error {
  return badRequest(`error converting YAML to JSON: ${messageOf(error)}`);
}
