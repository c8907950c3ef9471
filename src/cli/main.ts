#!/usr/bin/env node
/**
 * The command line: reads the world (arguments, environment, terminal) and hands it to `#cluster`. A command that fails
 * prints one line that says what to do, and ends with 1.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { hasCode, messageOf } from '#base';

// The build has filled it beside the bundle; the sources use Node's own place for it.
enableCompileCache(import.meta.filename.endsWith('.ts') ? undefined : join(import.meta.dirname, 'compile-cache'));

/** Who reads us may have seen enough (`kedge logs | head`). */
process.stdout.on('error', (error) => {
  if (!hasCode(error, 'EPIPE')) throw error;
  process.exit();
});

/** The parts that run for long are started by number of megabytes, so commands load only what they need. */
async function main(): Promise<void> {
  const { program } = await import('./program.ts');
  await program().parseAsync(process.argv);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (process.env['KEDGE_DEBUG']) console.error(error);
  process.exit(1); // whatever part has not heard of it yet
});
