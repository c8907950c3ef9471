#!/usr/bin/env node
/**
 * The command line: reads the world (arguments, environment, terminal) and hands it to `#cluster`. A command that fails
 * prints one line that says what to do, and ends with 1.
 */
import { enableCompileCache } from 'node:module';
import { messageOf } from '#base';

enableCompileCache();

/** The parts that run for long are started by number of megabytes, so commands load only what they need. */
async function main(): Promise<void> {
  const { program } = await import('./program.ts');
  await program().parseAsync(process.argv);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (process.env['KEDGE_DEBUG']) console.error(error);
  process.exitCode = 1;
});
