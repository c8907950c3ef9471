import { Tokenizer } from 'htmlparser2';
import { turns } from '../registry/turns.ts';

/** Attributes that hold URLs, by the tags they stand in (apimachinery `util/proxy/transport.go`). */
const linkAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** Where a URL stands in a page. */
interface Place {
  start: number;
  end: number;
}

/** Characters that are read in one turn of the event loop: in a large page others have theirs in between. */
const turnCharacters = 64 * 1024;

/** A page with each of its links as `rewrite` gives it; all that is no link stays as it is, character by character. */
export async function rewriteLinks(html: string, rewrite: (url: string) => string): Promise<string> {
  let rewritten = '';
  let done = 0;
  for await (const links of linksOf(html)) {
    for (const { start, end } of links) {
      rewritten += html.slice(done, start) + rewrite(html.slice(start, end));
      done = end;
    }
  }
  return rewritten + html.slice(done);
}

/** Those that end in one turn, turn by turn. */
async function* linksOf(html: string): AsyncGenerator<Place[], void> {
  const links: Place[] = [];
  const tokenizer = tellLinks(html, (link) => links.push(link));
  for (let at = 0; at < html.length; at += turnCharacters) {
    if (at > 0) await turns.next();
    tokenizer.write(html.slice(at, at + turnCharacters));
    yield links.splice(0);
  }
}

/** Tells of each link once what is written to the tokenizer, of the page in order, is at its end. */
function tellLinks(html: string, tell: (link: Place) => void): Tokenizer {
  let attributes: readonly string[] | undefined;
  let isLink = false;
  let value: Place | undefined;
  const ignored = (): void => {};
  return new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname: (start, end) => {
        const tag = html.slice(start, end).toLowerCase();
        attributes = Object.hasOwn(linkAttributes, tag) ? linkAttributes[tag] : undefined;
      },
      onattribname: (start, end) => {
        isLink = attributes?.includes(html.slice(start, end).toLowerCase()) ?? false;
        value = undefined;
      },
      // In pieces, where one turn ends within it.
      onattribdata: (start, end) => {
        value = { start: value?.start ?? start, end };
      },
      onattribend: () => {
        if (isLink && value) tell(value);
      },
      onattribentity: ignored,
      oncdata: ignored,
      onclosetag: ignored,
      oncomment: ignored,
      ondeclaration: ignored,
      onend: ignored,
      onopentagend: ignored,
      onprocessinginstruction: ignored,
      onselfclosingtag: ignored,
      ontext: ignored,
      ontextentity: ignored,
    },
  );
}
