/** An error of our YAML library: its code, its words, and where it stands in the text. */
interface LibraryError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [from: number, to: number];
}

/** Which half of go-yaml finds a fault: the scanner counts lines from one, the parser names the line before. */
type Finder = 'scanner' | 'parser';

interface Words {
  readonly finder: Finder;
  readonly words: string;
  /** The offset that the line is counted at. */
  readonly at: number;
}

/** The first error in a text in the words of go-yaml (`scannerc.go`, `parserc.go`), with its line, which it leaves out at the first. */
export function goWords(error: LibraryError, text: string): string {
  const { finder, words, at } = wordsOf(error, text);
  const before = ended(text).slice(0, at).split('\n').length - 1;
  const line = finder === 'scanner' && before > 0 ? before + 1 : before;
  return line > 0 ? `yaml: line ${line}: ${words}` : `yaml: ${words}`;
}

function wordsOf({ code, message, pos: [from, to] }: LibraryError, text: string): Words {
  const scanner = (words: string, at = from): Words => ({ finder: 'scanner', words, at });
  const parser = (words: string, at = from): Words => ({ finder: 'parser', words, at });
  switch (code) {
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'BLOCK_AS_IMPLICIT_KEY':
      return scanner('mapping values are not allowed in this context');
    case 'MULTILINE_IMPLICIT_KEY':
      return scanner('mapping values are not allowed in this context', to);
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character');
    case 'MISSING_CHAR':
      if (message.startsWith('Missing closing')) return scanner('found unexpected end of stream', text.length);
      return unclosed(message, text);
    case 'BAD_ALIAS':
      return scanner('did not find expected alphabetic or numeric character');
    case 'BAD_INDENT':
      return message.startsWith('Flow') ? unclosed(message, text) : parser('did not find expected key');
    case 'UNEXPECTED_TOKEN':
      return message.startsWith('Unexpected scalar')
        ? parser("did not find expected '-' indicator")
        : parser('did not find expected node content');
    case 'TAG_RESOLVE_FAILED':
      return scanner(message.startsWith('Verbatim tags') ? 'did not find expected tag URI' : message);
    default:
      return { finder: 'scanner', words: message, at: from };
  }
}

/** A flow collection that the text ends in: the parser stands behind the last line. */
function unclosed(message: string, text: string): Words {
  const isList = message.includes('sequence');
  const isAtItem = /[[,:]\s*$/.test(text);
  const words = isAtItem
    ? 'did not find expected node content'
    : `did not find expected ',' or '${isList ? ']' : '}'}'`;
  return { finder: 'parser', words, at: ended(text).length };
}

/** go-yaml ends a last line that does not end by itself. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
