/** What kubectl does with running containers: logs, exec, attach, cp and port-forward, over WebSocket and over SPDY. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execute } from '#base';
import { TestCluster } from '../support/cluster.ts';
import { container, deployment, pod, service, shell, webServer } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { Session } from '../support/session.ts';
import type { TestNamespace } from '../support/test-namespace.ts';
import { kubectlPath, kubectlVersions } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** How kubectl is told which protocol to use. */
const protocols = {
  WebSocket: {},
  'SPDY/3.1': { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' },
};

describe('kubectl and containers', { skip: cannotRun('script'), concurrency: 4 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  /** A namespace with one running pod, `main`. */
  async function withPod(name: string, fields = {}, spec = {}): Promise<TestNamespace> {
    const ns = await cluster.namespace(name);
    await ns.apply(pod('main', fields, spec));
    await ns.waitFor('condition=Ready', 'pod/main');
    return ns;
  }

  test('logs gives all, the last lines, those since a time, with times, of every container, and of the previous one', async () => {
    const ns = await cluster.namespace('logs');
    const count = { command: shell('for i in 1 2 3 4 5; do echo line $i; done; echo to stderr >&2') };
    const side = container({ name: 'side', command: shell('echo from the side') });
    await ns.apply(
      pod('main', {}, { containers: [container(count), side] }, { labels: { app: 'main' } }),
      pod(
        'again',
        {
          command: ['sh', '-c', 'echo run of $(hostname); test -f /data/x && sleep 3600; touch /data/x'],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
        { volumes: [{ name: 'data', emptyDir: {} }] },
      ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    await until(
      () => ns.logs('main'),
      (text) => assert.match(text, /to stderr/),
    );
    const all = await ns.logs('main', '-c', 'main');
    assert.deepEqual(all.trim().split('\n').sort(), ['line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'to stderr']);
    assert.equal(await ns.logs('main', '-c', 'main', '--tail=0'), '');
    assert.equal((await ns.logs('main', '-c', 'main', '--tail=2')).split('\n').length, 3);
    assert.equal(await ns.logs('main', '-c', 'main', '--limit-bytes=6'), 'line 1');
    assert.match(
      await ns.logs('main', '-c', 'main', '--timestamps'),
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 1$/m,
    );
    assert.equal(await ns.logs('main', '-c', 'main', '--since=1h'), all);
    assert.equal(await ns.logs('main', '-c', 'main', '--since-time=2999-01-01T00:00:00Z'), '');
    const { stderr, stdout } = await ns.try(['logs', 'main']);
    assert.match(stderr, /Defaulted container "main" out of: main, side/);
    assert.equal(stdout, all);
    assert.match(await ns.logs('main', '--all-containers', '--prefix'), /^\[pod\/main\/side\] from the side$/m);
    assert.match(await ns.kubectl('logs', '-l', 'app=main', '-c', 'side'), /^from the side\n$/);
    await ns.until(['pod', 'again'], ({ status }) => assert.equal(status.containerStatuses[0].restartCount, 1));
    assert.equal(await ns.logs('again', '--previous'), 'run of again\n');
    assert.match(
      await ns.fail(['logs', 'main', '-c', 'main', '--previous']),
      /previous terminated container "main" in pod "main" not found/,
    );
    assert.match(await ns.fail(['logs', 'main', '-c', 'none']), /container none is not valid for pod main/);
  });

  test('logs -f goes on until the container ends', async () => {
    const ns = await cluster.namespace('follow');
    await ns.apply(
      pod(
        'main',
        { command: ['sh', '-c', 'echo first; while ! test -f /tmp/go; do sleep 0.1; done; echo last'] },
        { restartPolicy: 'Never' },
      ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    await using logs = await ns.start(['logs', '-f', 'main']);
    await logs.until(/^first\n$/);
    await ns.exec('main', 'touch', '/tmp/go');
    await logs.until(/^first\nlast\n$/);
    assert.equal(await logs.exit, 0);
  });

  for (const [protocol, env] of Object.entries(protocols)) {
    const short = protocol.slice(0, 4).toLowerCase();

    test(`exec over ${protocol} carries input, output, errors and the exit code`, async () => {
      const ns = await withPod(`exec-${short}`);
      const exec = (script: string, input?: string | Uint8Array) =>
        ns.try(['exec', ...(input === undefined ? [] : ['-i']), 'main', '--', 'sh', '-c', script], { env, input });
      const both = await exec('echo out; echo err >&2; exit 7');
      assert.equal(both.stdout, 'out\n');
      assert.match(both.stderr, /^err\ncommand terminated with exit code 7\n$/);
      assert.equal(both.code, 7);
      assert.equal((await exec('cat', 'typed\n')).stdout, 'typed\n');
      const large = 'x'.repeat(4_000_000);
      assert.equal((await exec('cat', large)).stdout, large);
      assert.match((await exec('wc -c 2>/dev/null || cat | busybox wc -c', large)).stdout, /^4000000\s*$/);
      const long = 'a'.repeat(100_000);
      assert.equal((await ns.try(['exec', 'main', '--', 'echo', long], { env })).stdout, `${long}\n`);
      assert.match(
        (await ns.try(['exec', 'main', '--', 'nonsense'], { env })).stderr,
        /executable file not found in \$PATH|no such file or directory/,
      );
      assert.match((await ns.try(['exec', 'none', '--', 'true'], { env })).stderr, /pods "none" not found/);
      assert.match((await ns.try(['exec', 'main', '-c', 'none', '--', 'true'], { env })).stderr, /container none/i);
    });

    test(`exec -it over ${protocol} gives a terminal that follows the size of the user's`, async () => {
      const ns = await withPod(`tty-${short}`);
      const ttyFile = join(cluster.home, `tty-${short}`);
      const kubectl = await kubectlPath('1.35');
      const command = `tty > ${ttyFile}; stty rows 33 cols 99; ${kubectl} -n ${ns.name} exec -it main -- sh`;
      await using terminal = new Session(['script', '-qfec', command, '/dev/null'], {
        ...cluster.env,
        ...env,
        TERM: 'xterm',
        SHELL: '/bin/sh',
      });
      await terminal.until(/[#$] /);
      terminal.write('stty size; tty\n');
      await terminal.until(/33 99\r?\n\/dev\/pts\/0/);
      const device = (await readFile(ttyFile, 'utf8')).trim();
      await execute(['stty', '-F', device, 'rows', '44', 'cols', '123']);
      await until(
        () => {
          terminal.write('stty size\n');
          return Promise.resolve(terminal.stdout);
        },
        (text) => assert.match(text, /44 123/),
      );
      terminal.write('exit 5\n');
      assert.equal(await terminal.exit, 5);
    });

    test(`attach over ${protocol} joins the process that the container runs`, async () => {
      const ns = await cluster.namespace(`attach-${short}`);
      const echo = 'while read line; do echo got $line; test "$line" = end && exit 0; done; sleep 3600';
      await ns.apply(
        pod('main', { command: ['sh', '-c', echo], stdin: true, stdinOnce: false }, { restartPolicy: 'Never' }),
      );
      await ns.waitFor('condition=Ready', 'pod/main');
      await using first = await ns.start(['attach', '-i', 'main'], env);
      first.write('one\n');
      await first.until(/got one/);
      await using second = await ns.start(['attach', '-i', 'main'], env);
      second.write('end\n');
      await second.until(/got end/);
      assert.equal(await second.exit, 0);
      await first.until(/got end/);
      await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/main');
      assert.match(await ns.logs('main'), /got one\ngot end/);
    });

    test(`attach over ${protocol} leaves when its input ends; the container's ends with it where it is given once`, async () => {
      const ns = await cluster.namespace(`leave-${short}`);
      const stays = { command: ['sh', '-c', 'while read line; do echo got $line; done; echo never'], stdin: true };
      const once = { command: ['sh', '-c', 'cat; echo closed'], stdin: true, stdinOnce: true };
      await ns.apply(pod('stays', stays), pod('once', once, { restartPolicy: 'Never' }));
      await ns.waitFor('condition=Ready', 'pod', '--all');
      for (const line of ['one', 'two'])
        assert.equal((await ns.try(['attach', '-i', 'stays'], { env, input: `${line}\n` })).code, 0);
      await until(
        () => ns.logs('stays'),
        (logs) => assert.equal(logs, 'got one\ngot two\n'),
      );
      assert.equal((await ns.try(['attach', '-i', 'once'], { env, input: 'typed\n' })).stdout, 'typed\nclosed\n');
      await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/once');
    });

    test(`a terminal that was attached over ${protocol} and left can be joined again`, async () => {
      const ns = await cluster.namespace(`again-${short}`);
      const shell = { command: ['sh'], stdin: true, stdinOnce: true, tty: true };
      await ns.apply(pod('main', shell, { restartPolicy: 'Never' }));
      await ns.waitFor('condition=Ready', 'pod/main');
      const command = `${await kubectlPath('1.35')} -n ${ns.name} attach -it main`;
      const join = async (): Promise<Session> => {
        const session = new Session(['script', '-qfec', command, '/dev/null'], {
          ...cluster.env,
          ...env,
          SHELL: '/bin/sh',
        });
        // What is typed before kubectl has the terminal is lost.
        await until(
          () => {
            session.write('\n');
            return Promise.resolve(session.stdout);
          },
          (text) => assert.match(text, /[#$] /),
        );
        return session;
      };
      {
        await using first = await join();
        first.write('left=behind; echo $left\n');
        await first.until(/\nbehind/);
      }
      await using second = await join();
      second.write('echo still $left\n');
      await second.until(/\nstill behind/);
      second.write('exit\n');
      assert.equal(await second.exit, 0);
      await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/main');
    });

    test(`port-forward over ${protocol} reaches a pod, a service and a deployment`, async () => {
      const ns = await cluster.namespace(`forward-${short}`);
      const script =
        'mkdir -p /www; hostname > /www/index.html; head -c 3000000 /dev/zero > /www/large; httpd -p 8080 -h /www';
      await ns.apply(
        deployment('web', webServer({ command: shell(script) })),
        service('web', { ports: [{ port: 80, targetPort: 'http' }] }),
      );
      await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
      const name = await ns.kubectl('get', 'pods', '-o', 'jsonpath={.items[0].metadata.name}');
      for (const [target, port] of [
        [`pod/${name}`, '8080'],
        ['service/web', '80'],
        ['deployment/web', 'http'],
      ]) {
        await using forward = await ns.start(['port-forward', target!, `:${port}`], env);
        const local = (await forward.until(/Forwarding from 127\.0\.0\.1:(\d+) -> 8080/))[1];
        const answers = await Promise.all(
          Array.from({ length: 8 }, async () => (await fetch(`http://127.0.0.1:${local}/`)).text()),
        );
        assert.deepEqual(new Set(answers), new Set([`${name}\n`]));
        const large = await (await fetch(`http://127.0.0.1:${local}/large`)).arrayBuffer();
        assert.equal(large.byteLength, 3_000_000);
      }
    });

    test(`port-forward over ${protocol} says so when nothing listens in the pod, and goes on`, async () => {
      const ns = await withPod(`refused-${short}`);
      await using forward = await ns.start(['port-forward', 'main', ':9'], env);
      const local = (await forward.until(/Forwarding from 127\.0\.0\.1:(\d+) -> 9/))[1];
      await assert.rejects(fetch(`http://127.0.0.1:${local}/`));
      await until(
        () => Promise.resolve(forward.stderr),
        (text) => assert.match(text, /error forwarding port 9 to pod|connection refused/i),
      );
    });
  }

  for (const version of kubectlVersions) {
    test(`kubectl ${version} executes, follows logs, copies and forwards ports`, async () => {
      const ns = await cluster.namespace(`old-${version.replace('.', '-')}`);
      await ns.apply(
        pod(
          'main',
          webServer({ command: shell('mkdir /www; echo hello > /www/index.html; httpd -p 8080 -h /www; echo up') }),
        ),
      );
      await ns.waitFor('condition=Ready', 'pod/main');
      const run = (...args: string[]) => ns.try(args, { version });
      assert.equal((await run('exec', 'main', '--', 'echo', 'in')).stdout, 'in\n');
      assert.equal((await run('logs', 'main')).stdout, 'up\n');
      const copy = join(cluster.home, `copy-${version}`);
      await run('cp', `${ns.name}/main:/www/index.html`, copy);
      assert.equal(await readFile(copy, 'utf8'), 'hello\n');
      await using forward = new Session(
        [await kubectlPath(version), '-n', ns.name, 'port-forward', 'main', ':8080'],
        cluster.env,
      );
      const local = (await forward.until(/127\.0\.0\.1:(\d+)/))[1];
      assert.equal(await (await fetch(`http://127.0.0.1:${local}/`)).text(), 'hello\n');
    });
  }

  test('cp carries files and folders in and out', async () => {
    const ns = await withPod('cp');
    const folder = join(cluster.home, 'cp');
    await mkdir(join(folder, 'in/deep'), { recursive: true });
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
    await writeFile(join(folder, 'in/deep/bytes'), bytes);
    await writeFile(join(folder, 'in/text'), 'some text\n');
    await ns.kubectl('cp', join(folder, 'in'), 'main:/tmp/there');
    assert.equal(await ns.exec('main', 'cat', '/tmp/there/text'), 'some text\n');
    await ns.kubectl('cp', 'main:/tmp/there', join(folder, 'out'));
    assert.deepEqual(await readFile(join(folder, 'out/deep/bytes')), bytes);
    await ns.kubectl('cp', `${ns.name}/main:/tmp/there/text`, join(folder, 'text'));
    assert.equal(await readFile(join(folder, 'text'), 'utf8'), 'some text\n');
    // kubectl ends with the empty archive, in one of four tries before it has printed what tar said beside it.
    await until(
      () => ns.try(['cp', 'main:/none', join(folder, 'none')]),
      ({ stdout, stderr }) => assert.match(stdout + stderr, /No such file or directory/),
    );
    assert.equal(existsSync(join(folder, 'none')), false);
  });

  test('run -it gives a terminal in a new pod', async () => {
    const ns = await cluster.namespace('run-tty');
    const kubectl = await kubectlPath('1.35');
    const command = `${kubectl} -n ${ns.name} run ask --rm -it --restart=Never --image=kedge.test/busybox:1 -- sh`;
    await using terminal = new Session(['script', '-qfec', command, '/dev/null'], {
      ...cluster.env,
      TERM: 'xterm',
      SHELL: '/bin/sh',
    });
    await terminal.until(/[#$] /);
    terminal.write('echo I am $(hostname)\n');
    await terminal.until(/I am ask\r?\n/);
    terminal.write('exit\n');
    await terminal.until(/pod "ask" deleted/);
    assert.equal(await terminal.exit, 0);
  });

  test('exec refuses a pod that has ended', async () => {
    const ns = await cluster.namespace('ended');
    await ns.apply(pod('main', { command: ['true'] }, { restartPolicy: 'Never' }));
    await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/main');
    assert.match(
      await ns.fail(['exec', 'main', '--', 'true']),
      /cannot exec into a container in a completed pod; current phase is Succeeded/,
    );
  });
});
