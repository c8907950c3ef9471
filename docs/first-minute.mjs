// Draws docs/first-minute.svg: plays the first minute of the README on this machine and draws what a terminal showed.
// As root on a fresh machine, in a fresh clone: node docs/first-minute.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const commands = [
  'npm start',
  'kubectl get nodes',
  'kubectl apply -f examples/hello/hello.yaml',
  'kubectl rollout status deployment/hello',
  'kubectl get pods -o wide',
  "curl http://$(kubectl get node kedge-1 -o jsonpath='{.status.addresses[0].address}'):30080/",
  'npx kedge down',
];

/** Runs a command in a terminal of its own, as a user would; returns what it wrote. Throws when it fails. */
function play(command) {
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`"${command}" failed:\n${stdout}`);
  return stdout;
}

/** The lines that a terminal shows after a text: carriage returns go back, and CSI sequences erase (K) or move (G). */
function linesOf(text) {
  const lines = [''];
  let column = 0;
  // oxlint-disable-next-line no-control-regex
  for (const [token, letter] of text.matchAll(/\x1b\[[\d;?]*([A-Za-z])|\r|\n|\x1b|[^\x1b\r\n]+/g)) {
    const line = lines.at(-1);
    if (token === '\n') lines.push('');
    if (token === '\r' || token === '\n' || letter === 'G') column = 0;
    else if (letter === 'K') lines[lines.length - 1] = line.slice(0, column);
    else if (!token.startsWith('\x1b')) {
      lines[lines.length - 1] = line.slice(0, column).padEnd(column) + token + line.slice(column + token.length);
      column += token.length;
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** Blank lines at either end say nothing in a picture, nor do two in a row. */
function withoutBlanks(lines) {
  const text = lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
  return text.replace(/^\n+|\n+$/g, '').split('\n');
}

const [columnWidth, lineHeight, margin, titleHeight] = [8.4, 19, 18, 34];
const colours = {
  paper: '#0d1117',
  frame: '#30363d',
  text: '#c9d1d9',
  dim: '#8b949e',
  command: '#f0f6fc',
  good: '#56d364',
};

/** A line of the picture: where, what, and pieces of it in colours of their own. */
function drawLine(line, row) {
  if (line === '') return '';
  const y = titleHeight + margin + row * lineHeight;
  // every line is as long as it has columns, whatever font there is
  const length = (line.length * columnWidth).toFixed(1);
  return `<text x="${margin}" y="${y}" textLength="${length}">${colour(line)}</text>\n`;
}

function colour(line) {
  const text = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  if (line.startsWith('$ ')) return `<tspan class="good">$</tspan><tspan class="command">${text.slice(1)}</tspan>`;
  return text
    .replace(/^(✓)( +[\d.]+ s)/, '<tspan class="good">$1</tspan><tspan class="dim">$2</tspan>')
    .replace(/^(> .*)$/, '<tspan class="dim">$1</tspan>')
    .replace(/^(NAME .*)$/, '<tspan class="dim">$1</tspan>')
    .replace(/(?<= )(Ready|Running)(?= )/, '<tspan class="good">$1</tspan>');
}

function draw(lines) {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = titleHeight + margin + lines.length * lineHeight;
  const style = Object.entries({
    text: `font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: ${colours.text}; white-space: pre`,
    '.good': `fill: ${colours.good}`,
    '.dim': `fill: ${colours.dim}`,
    '.command': `fill: ${colours.command}; font-weight: bold`,
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">The first minute: npm start, kubectl, curl, kedge down</title>`,
    `<style>${style.map(([what, how]) => `${what} { ${how} }`).join(' ')}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${colours.paper}" stroke="${colours.frame}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((fill, n) => `<circle cx="${22 + n * 20}" cy="19" r="6" fill="${fill}"/>`),
    lines.map(drawLine).join('').trimEnd(),
    '</svg>',
    '',
  ].join('\n');
}

const session = commands.flatMap((command) => [`$ ${command}`, ...withoutBlanks(linesOf(play(command))), '']);
writeFileSync(new URL('first-minute.svg', import.meta.url), draw(session.slice(0, -1)));
