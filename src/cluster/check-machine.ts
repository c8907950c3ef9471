import { readHostFacts } from './host/host-facts.ts';
import { clusterNeeds, etcdNeed, refusal } from './host/host-needs.mjs';
import { notesOf, problemsOf } from './host/preflight.ts';
import type { Machine, Report } from './machine.ts';

/** Throws with everything that keeps this machine from running containers, and how to get it; notes what costs something. */
export async function checkMachine(machine: Machine, servers: number, report: Report): Promise<void> {
  const refused = refusal(machine);
  if (refused) throw new Error(refused);
  const facts = await readHostFacts(machine.home);
  const problems = problemsOf(facts, servers > 1 ? [...clusterNeeds, etcdNeed] : clusterNeeds);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  for (const note of notesOf(facts)) report.note(note);
}
