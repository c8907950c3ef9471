import type { Report } from '#cluster';

/** Prints one line a step, with its time in front so that the eye runs down it. */
export function terminalReport(out: NodeJS.WritableStream): Report {
  return {
    step: (title, ms) => void out.write(`✓ ${(ms / 1000).toFixed(2).padStart(6)} s  ${title}\n`),
    note: (text) => void out.write(`! ${text}\n`),
  };
}

/** Rows under headings, in columns as wide as their widest cell. */
export function table(headings: string[], rows: string[][]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
