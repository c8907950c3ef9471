/** The thread that reads a large YAML text: it is given the text, and posts what `YamlAnswer` says. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { parseText } from './parse-text.ts';

/** JSON, since a text is handed over faster than the many objects that it stands for. */
export type YamlAnswer = { documents: string; doubledKeys: string[] } | { problem: string };

function answerTo(text: string): YamlAnswer {
  try {
    const { documents, doubledKeys } = parseText(text);
    return { documents: JSON.stringify(documents), doubledKeys };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none; windows do
if (!isMainThread) parentPort?.postMessage(answerTo(workerData as string)); // as read-yaml.ts starts it
