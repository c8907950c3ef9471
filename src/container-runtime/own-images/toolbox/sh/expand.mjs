import { readdirSync } from 'node:fs';

/** The value of a variable or special parameter. */
function valueOf(shell, name) {
  if (name === '?') return String(shell.status);
  if (name === '$') return String(process.pid);
  if (name === '!') return String(shell.lastBackground ?? '');
  if (name === '#') return String(shell.args.length - 1);
  if (name === '@' || name === '*') return shell.args.slice(1).join(' ');
  if (/^\d+$/.test(name)) return shell.args[Number(name)];
  return shell.variables.get(name);
}

async function parameter(shell, part) {
  const value = valueOf(shell, part.name);
  const operator = part.operator ?? '';
  if (operator === 'length') return String((value ?? '').length);
  const argument = async () => (await expandParts(shell, part.argument ?? [])).join('');
  const isMissing = operator.startsWith(':') ? !value : value === undefined;
  if (/[-=]$/.test(operator) && isMissing) {
    const otherwise = await argument();
    if (operator.endsWith('=')) shell.variables.set(part.name, otherwise);
    return otherwise;
  }
  if (operator.endsWith('?') && isMissing) throw new Error(`${part.name}: ${await argument()}`);
  if (operator.endsWith('+')) return isMissing ? '' : argument();
  if (/^[#%]/.test(operator)) return trim(value ?? '', operator, await argument());
  return value ?? '';
}

/** Whether a value matches a pattern of `case`; what is quoted in it stands for itself. */
export async function matches(shell, value, word) {
  const texts = await expandParts(shell, word);
  const sources = texts.map((text, index) => {
    const escaped = text.replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`);
    if (word[index].quoted) return escaped.replaceAll(/[*?[\]]/g, String.raw`\$&`);
    return escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]').replaceAll('[!', '[^');
  });
  return new RegExp(`^(?:${sources.join('')})$`).test(value);
}

function trim(value, operator, pattern) {
  const glob = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('?', '.');
  const any = operator.length === 2 ? '[^]*' : '[^]*?';
  const source = glob.replaceAll('*', any);
  if (operator.startsWith('#')) return value.replace(new RegExp(`^${source}`), '');
  for (
    let from = operator.length === 2 ? 0 : value.length;
    from >= 0 && from <= value.length;
    from += operator.length === 2 ? 1 : -1
  )
    if (new RegExp(`^${source}$`).test(value.slice(from))) return value.slice(0, from);
  return value;
}

/** Binary operators by how loosely they bind. */
const levels = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];
const operations = {
  '||': (a, b) => a || b,
  '&&': (a, b) => a && b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

function arithmetic(shell, text) {
  const tokens = text.match(/\d+|\$?[A-Za-z_]\w*|\|\||&&|[=!<>]=|[-+*/%<>()!]|\S/g) ?? ['0'];
  const operand = () => {
    const token = tokens.shift() ?? '';
    if (token === '-') return -operand();
    if (token === '!') return Number(!operand());
    if (token === '(') {
      const value = level(0);
      tokens.shift();
      return value;
    }
    if (!/^[$\w]+$/.test(token)) throw new Error(`arithmetic: ${text}`);
    return Number(/^\d/.test(token) ? token : valueOf(shell, token.replace('$', '')) || 0);
  };
  const level = (depth) => {
    if (depth === levels.length) return operand();
    let left = level(depth + 1);
    while (levels[depth].includes(tokens[0])) left = Number(operations[tokens.shift()](left, level(depth + 1)));
    return left;
  };
  return String(level(0));
}

async function expandParts(shell, parts) {
  const texts = [];
  for (const part of parts) {
    if (part.text !== undefined) texts.push(part.text);
    else if (part.name !== undefined) texts.push(await parameter(shell, part));
    else if (part.arithmetic !== undefined) texts.push(arithmetic(shell, part.arithmetic));
    else texts.push((await shell.capture(part.command)).replace(/\n+$/, ''));
  }
  return texts;
}

/** A word as one text: assignments, targets of redirections. */
export async function expandText(shell, word) {
  return (await expandParts(shell, word)).join('');
}

/** A word as it becomes arguments: what is not quoted is parted at blanks, and names files. */
export async function expandWord(shell, word) {
  if (word.length === 2 && word[1].name === '@' && word[1].quoted) return shell.args.slice(1);
  const texts = await expandParts(shell, word);
  const fields = [];
  let current;
  let globs = false;
  for (const [index, part] of word.entries()) {
    const pieces = part.quoted || part.text !== undefined ? [texts[index]] : texts[index].split(/\s+/);
    for (const [number, piece] of pieces.entries()) {
      if (number > 0 && current !== undefined) {
        fields.push(current);
        current = undefined;
      }
      if (piece !== '' || part.quoted) current = (current ?? '') + piece;
      globs ||= !part.quoted && /[*?]/.test(piece);
    }
  }
  if (current !== undefined) fields.push(current);
  return globs ? fields.flatMap(files) : fields;
}

/** The files that a pattern names in one folder; the pattern itself when there are none. */
function files(pattern) {
  const slash = pattern.lastIndexOf('/') + 1;
  const [folder, name] = [pattern.slice(0, slash), pattern.slice(slash)];
  if (!/[*?]/.test(name)) return [pattern];
  const source = name
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    const found = readdirSync(folder || '.').filter(
      (file) => (!file.startsWith('.') || name.startsWith('.')) && new RegExp(`^${source}$`).test(file),
    );
    return found.length > 0 ? found.sort().map((file) => folder + file) : [pattern];
  } catch {
    return [pattern];
  }
}
