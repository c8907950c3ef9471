const newline = 0x0a;

/**
 * The lines of a byte stream, each as text without its end; a last line without an end counts too. Chunks are
 * joined once a line, so that one object of many chunks costs what its size costs.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      parts.push(chunk.subarray(start, end));
      start = end + 1;
      const line = take(parts);
      parts = [];
      if (line !== '') yield line;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  const rest = take(parts);
  if (rest !== '') yield rest;
}

function take(parts: readonly Buffer[]): string {
  const [first] = parts;
  return (parts.length === 1 && first ? first : Buffer.concat(parts)).toString('utf8');
}
