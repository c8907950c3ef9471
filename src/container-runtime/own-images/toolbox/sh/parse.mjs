// The grammar of a small POSIX shell: lists, pipelines, redirections, here-documents, if, while, until, for, case, functions; quotes and expansions.

const operators = ['&&', '||', ';;', '>>', '<<-', '<<', '>&', '<&', ';', '&', '|', '>', '<', '(', ')', '\n'];
const reserved = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', '}', ')', 'esac']);

class Parser {
  constructor(source) {
    this.source = source;
    this.at = 0;
    this.hereDocuments = [];
  }

  fail(what) {
    throw new Error(`syntax error: ${what} at ${JSON.stringify(this.source.slice(this.at, this.at + 20))}`);
  }

  skipBlanks() {
    for (;;) {
      const rest = this.source.slice(this.at);
      const blank = /^(?:[ \t]|\\\n)+/.exec(rest) ?? (/^#[^\n]*/.exec(rest) || undefined);
      if (!blank) return;
      this.at += blank[0].length;
    }
  }

  operator() {
    this.skipBlanks();
    const found = operators.find((text) => this.source.startsWith(text, this.at));
    // a number before a redirection belongs to it
    return found ?? /^\d(?:>>|<<|>&|<&|>|<)/.exec(this.source.slice(this.at, this.at + 4))?.[0];
  }

  take(text) {
    if (this.operator() !== text) return false;
    this.at += text.length;
    if (text === '\n') for (const redirect of this.hereDocuments.splice(0)) this.readHereDocument(redirect);
    return true;
  }

  /** The reserved word that comes next, if it is one of those wanted. */
  peekWord(words) {
    this.skipBlanks();
    const word =
      /^(?:[a-z]+|[{}!])(?=[\s;&|()]|$)/.exec(this.source.slice(this.at))?.[0] ??
      (this.source[this.at] === ')' ? ')' : '');
    return words.includes(word) ? word : undefined;
  }

  takeWord(word) {
    if (!this.peekWord([word])) this.fail(`${word} expected`);
    this.at += word.length;
  }

  newlines() {
    while (this.take('\n') || this.take(';'));
  }

  list(ends = []) {
    const items = [];
    for (this.newlines(); this.goesOn(ends); this.newlines()) {
      const node = this.andOr();
      items.push({ node, background: this.take('&') });
      if (!items.at(-1).background && !this.take(';') && !this.take('\n')) break;
    }
    this.skipBlanks();
    return { type: 'list', items };
  }

  goesOn(ends) {
    return this.at < this.source.length && !this.peekWord(ends) && this.operator() !== ';;';
  }

  andOr() {
    let left = this.pipeline();
    for (;;) {
      const type = this.take('&&') ? 'and' : this.take('||') ? 'or' : undefined;
      if (!type) return left;
      while (this.take('\n'));
      left = { type, left, right: this.pipeline() };
    }
  }

  pipeline() {
    const negated = Boolean(this.peekWord(['!']));
    if (negated) this.at++;
    const stages = [this.command()];
    while (this.take('|')) {
      while (this.take('\n'));
      stages.push(this.command());
    }
    return stages.length === 1 && !negated ? stages[0] : { type: 'pipe', stages, negated };
  }

  command() {
    const word = this.peekWord(['if', 'while', 'until', 'for', 'case', '{']);
    const name = word ? undefined : /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)/.exec(this.source.slice(this.at));
    if (name) return this.functionNamed(name);
    const node = word ? this.compound(word) : this.take('(') ? this.group(')', true) : this.simple();
    if (node.type !== 'simple') node.redirects = this.redirects();
    return node;
  }

  group(end, subshell) {
    const body = this.list([end]);
    this.takeWord(end);
    return { type: 'group', body, subshell };
  }

  compound(word) {
    this.takeWord(word);
    if (word === '{') return this.group('}', false);
    if (word === 'for') return this.forLoop();
    if (word === 'case') return this.caseOf();
    if (word !== 'if') {
      const condition = this.list(['do']);
      return { type: 'loop', condition, body: this.doBody(), until: word === 'until' };
    }
    const branches = [];
    do {
      const condition = this.list(['then']);
      this.takeWord('then');
      branches.push([condition, this.list(['elif', 'else', 'fi'])]);
    } while (this.peekWord(['elif']) && (this.takeWord('elif'), true));
    const otherwise = this.peekWord(['else']) ? (this.takeWord('else'), this.list(['fi'])) : undefined;
    this.takeWord('fi');
    return { type: 'if', branches, otherwise };
  }

  forLoop() {
    this.skipBlanks();
    const name = /^\w+/.exec(this.source.slice(this.at))?.[0] ?? this.fail('name expected');
    this.at += name.length;
    const words = [];
    if (this.peekWord(['in'])) {
      this.takeWord('in');
      while (!this.operator()) words.push(this.word());
    }
    this.newlines();
    return { type: 'for', name, words, body: this.doBody() };
  }

  functionNamed([text, name]) {
    this.at += text.length;
    this.newlines();
    return { type: 'define', name, body: this.command() };
  }

  caseOf() {
    const word = this.word();
    this.takeWord('in');
    const choices = [];
    for (this.newlines(); !this.peekWord(['esac']); this.newlines()) {
      this.take('(');
      const patterns = [this.word()];
      while (this.take('|')) patterns.push(this.word());
      if (!this.take(')')) this.fail(') expected');
      choices.push({ patterns, body: this.list(['esac']) });
      if (!this.take(';;')) break;
    }
    this.takeWord('esac');
    return { type: 'case', word, choices };
  }

  doBody() {
    this.takeWord('do');
    const body = this.list(['done']);
    this.takeWord('done');
    return body;
  }

  redirects() {
    const found = [];
    for (let operator = this.operator(); operator && /[<>]/.test(operator); operator = this.operator())
      found.push(this.redirect(operator));
    return found;
  }

  redirect(operator) {
    this.at += operator.length;
    const kind = operator.replace(/^\d/, '');
    if (kind.startsWith('<<')) return this.hereDocument(kind);
    const from = /^\d/.test(operator) ? Number(operator[0]) : kind.startsWith('<') ? 0 : 1;
    return { from, kind, target: this.word() };
  }

  /** The text begins after the line that this stands in. */
  hereDocument(kind) {
    const end = this.word();
    const redirect = {
      from: 0,
      kind: '<<',
      end: end.map(({ text }) => text).join(''),
      isPlain: end.some(({ quoted }) => quoted),
      stripsTabs: kind === '<<-',
    };
    this.hereDocuments.push(redirect);
    return redirect;
  }

  readHereDocument(redirect) {
    const lines = [];
    for (;;) {
      if (this.at >= this.source.length) this.fail(`${redirect.end} expected`);
      const to = this.source.indexOf('\n', this.at);
      const raw = this.source.slice(this.at, to < 0 ? undefined : to);
      this.at = to < 0 ? this.source.length : to + 1;
      const line = redirect.stripsTabs ? raw.replace(/^\t+/, '') : raw;
      if (line === redirect.end) break;
      lines.push(`${line}\n`);
    }
    const text = lines.join('');
    redirect.target = redirect.isPlain ? [{ text, quoted: true }] : new Parser(text).quotedUpTo(undefined);
  }

  simple() {
    const node = { type: 'simple', assigns: [], words: [], redirects: [] };
    for (;;) {
      const operator = this.operator();
      if (operator && /[<>]/.test(operator)) node.redirects.push(this.redirect(operator));
      else if (operator || this.at >= this.source.length) break;
      else {
        const assign = node.words.length === 0 && /^(\w+)=/.exec(this.source.slice(this.at));
        if (assign) this.at += assign[0].length;
        const word = this.word(Boolean(assign));
        if (assign) node.assigns.push([assign[1], word]);
        else node.words.push(word);
      }
    }
    const isEmpty = node.words.length + node.assigns.length + node.redirects.length === 0;
    if (isEmpty || (node.words[0]?.length === 1 && reserved.has(node.words[0][0].text))) this.fail('command expected');
    return node;
  }

  /** A word is a list of parts: `{text, quoted}`, `{name, ...}`, `{command, quoted}`, `{arithmetic}`. */
  word(mayBeEmpty = false) {
    const parts = [];
    this.skipBlanks();
    while (this.at < this.source.length && !/[\s;&|<>()]/.test(this.source[this.at])) {
      const char = this.source[this.at];
      if (char === "'") parts.push({ text: this.until("'"), quoted: true });
      else if (char === '"') parts.push({ text: '', quoted: true }, ...this.doubleQuoted());
      else if (char === '$' || char === '`') parts.push(this.dollar(false));
      else if (char === '\\') parts.push({ text: this.source[(this.at += 2) - 1] ?? '', quoted: true });
      else parts.push({ text: this.plain(/^[^\s;&|<>()'"$`\\]+/) });
    }
    if (parts.length === 0 && !mayBeEmpty) this.fail('word expected');
    return parts;
  }

  plain(pattern) {
    const [text] = pattern.exec(this.source.slice(this.at));
    this.at += text.length;
    return text;
  }

  /** What stands up to a closing sign, which is taken too. */
  until(end) {
    const from = ++this.at;
    const to = this.source.indexOf(end, from);
    if (to < 0) this.fail(`${end} expected`);
    this.at = to + 1;
    return this.source.slice(from, to);
  }

  doubleQuoted() {
    this.at++;
    const parts = this.quotedUpTo('"');
    this.at++;
    return parts;
  }

  /** Text in which `$` and `\`` mean something, up to a sign, or up to the end. */
  quotedUpTo(end) {
    const parts = [];
    while (this.source[this.at] !== end) {
      const char = this.source[this.at];
      if (char === undefined) this.fail('" expected');
      if (char === '$' || char === '`') parts.push(this.dollar(true));
      else if (char === '\\' && /["\\$`\n]/.test(this.source[this.at + 1]))
        parts.push({ text: this.source[(this.at += 2) - 1], quoted: true });
      else parts.push({ text: this.plain(end ? /^(?:[^"$`\\]+|\\)/ : /^(?:[^$`\\]+|\\)/), quoted: true });
    }
    return parts;
  }

  dollar(quoted) {
    if (this.source[this.at] === '`') return { command: parse(this.until('`')), quoted };
    const rest = this.source.slice(this.at + 1);
    if (rest.startsWith('((')) return { arithmetic: this.balanced(3, '))'), quoted };
    if (rest.startsWith('(')) return { command: parse(this.balanced(2, ')')), quoted };
    const braced = /^\{(\w+|[?#@*$!])(?:(:?[-+=?]|##?|%%?)([^}]*))?\}/.exec(rest);
    const length = /^\{#(\w+)\}/.exec(rest);
    const plain = /^(?:[A-Za-z_]\w*|[0-9?#@*$!])/.exec(rest);
    const found = length ?? braced ?? plain;
    this.at += 1 + (found?.[0].length ?? 0);
    if (!found) return { text: '$', quoted };
    if (length) return { name: length[1], operator: 'length', quoted };
    if (plain && !braced) return { name: plain[0], quoted };
    return {
      name: braced[1],
      operator: braced[2],
      argument: braced[3] === undefined ? undefined : new Parser(`"${braced[3]}"`).word(true),
      quoted,
    };
  }

  /** The text between brackets, with the brackets in it. */
  balanced(skip, end) {
    const from = (this.at += skip);
    for (let depth = 1; ; this.at++) {
      const char = this.source[this.at];
      if (char === undefined) this.fail(`${end} expected`);
      if (char === "'" || char === '"') this.at = this.source.indexOf(char, this.at + 1);
      if (char === '(') depth++;
      if (char === ')' && --depth === 0) break;
    }
    const text = this.source.slice(from, this.at);
    this.at += end.length;
    return text;
  }
}

/** Reads a script. Throws for what is none. */
export function parse(source) {
  const parser = new Parser(source);
  const list = parser.list();
  if (parser.at < source.length) parser.fail('end expected');
  if (parser.hereDocuments.length > 0) parser.fail(`${parser.hereDocuments[0].end} expected`);
  return list;
}
