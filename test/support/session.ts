import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { until } from './until.ts';

/** A program that goes on while a test looks at it: a watch, a shell in a container, a forwarded port. */
export class Session implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #command: readonly string[];
  /** Its exit code, or null when a signal ended it; resolves once its output is complete. */
  readonly exit: Promise<number | null>;
  stdout = '';
  stderr = '';
  #ended = false;

  constructor(command: readonly [string, ...string[]], env: Record<string, string>) {
    const [file, ...args] = command;
    this.#command = command;
    this.#child = spawn(file, args, { env, stdio: 'pipe' });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#child.stdin.on('error', () => {}); // the program may end without reading its input (EPIPE)
    this.exit = once(this.#child, 'close').then(([code]) => {
      this.#ended = true;
      return code as number | null;
    });
  }

  /** Types something. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Closes its standard input. */
  end(): void {
    this.#child.stdin.end();
  }

  /** Waits until its output matches, and returns the match. Fails with what it said instead. */
  async until(pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    return until(
      () => Promise.resolve(pattern.exec(this.stdout)),
      (match) => {
        if (match) return;
        const state = this.#ended ? 'ended and' : 'has';
        throw new Error(
          `${this.#command.slice(1).join(' ')} ${state} not said ${String(pattern)}:\n${this.stdout}\n${this.stderr}`,
        );
      },
      withinMs,
    ) as Promise<RegExpExecArray>;
  }

  /** Asks it to end, as Ctrl-C does. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Asks it to end, as a service manager does. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** Ends it at once, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exit;
  }
}
