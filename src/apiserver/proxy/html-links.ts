import { Tokenizer } from 'htmlparser2';

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

/** A page with each of its links as `rewrite` gives it; all that is no link stays as it is, character by character. */
export function rewriteLinks(html: string, rewrite: (url: string) => string): string {
  let rewritten = '';
  let done = 0;
  for (const { start, end } of linksOf(html)) {
    rewritten += html.slice(done, start) + rewrite(html.slice(start, end));
    done = end;
  }
  return rewritten + html.slice(done);
}

function linksOf(html: string): Place[] {
  const links: Place[] = [];
  let attributes: readonly string[] | undefined;
  let isLink = false;
  const ignored = (): void => {};
  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname: (start, end) => {
        const tag = html.slice(start, end).toLowerCase();
        attributes = Object.hasOwn(linkAttributes, tag) ? linkAttributes[tag] : undefined;
      },
      onattribname: (start, end) => {
        isLink = attributes?.includes(html.slice(start, end).toLowerCase()) ?? false;
      },
      onattribdata: (start, end) => {
        if (isLink) links.push({ start, end });
      },
      onattribend: ignored,
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
  tokenizer.write(html);
  tokenizer.end();
  return links;
}
