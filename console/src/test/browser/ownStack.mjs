// A stack of the test's own, with authentication: by API keys, and by a login at a provider.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CLIENT, startProvider } from './provider.mjs';

const START_MILLIS = 120_000;
const ALL = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
const POLICIES = {
  groups: { developers: ALL, 'oidc:developers': ALL },
  // What a task starts is asked of its machine's role.
  roles: { 'arn:aws:iam::000000000000:role/any': [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: '*' }] },
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class OwnStack {
  #command;
  #directory;
  #options;
  #provider;
  #port = 0;
  #process;

  static async start(command) {
    const stack = new OwnStack();
    stack.#command = command;
    // Whoever ends the test while it starts leaves nothing behind.
    process.once('exit', () => {
      stack.#process?.kill('SIGKILL');
      rmSync(stack.#directory, { recursive: true, force: true });
    });
    stack.#directory = mkdtempSync(join(tmpdir(), 'stepstream-console-'));
    try {
      stack.#provider = await startProvider();
      stack.#options = stack.#secure();
      stack.kafka = `127.0.0.1:${await freePort()}`;
      await stack.restart();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** As docs/security.md says. */
  #secure() {
    const directory = join(this.#directory, 'security');
    mkdirSync(directory, { mode: 0o700 });
    const keyFile = join(directory, 'key');
    const entry = execFileSync(this.#command, ['keys', 'create', '--user', 'ada', '--group', 'developers'], { stdio: ['ignore', 'pipe', openSync(keyFile, 'w')] });
    this.key = readFileSync(keyFile, 'utf8').trim().split('\n').at(-1);
    const file = (name, content) => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    };
    const settings = {
      'api-keys-file': file('api-keys.json', `{"apiKeys": [${entry}]}`),
      'policies-file': file('policies.json', JSON.stringify(POLICIES)),
      'node-keys-file': file('node.keys', randomBytes(32).toString('hex')),
      'oidc.issuer': this.#provider.issuer,
      'oidc.audience': 'stepstream',
      'oidc.client-id': CLIENT,
      'oidc.name': 'Example-ID',
    };
    return Object.entries(settings).map(([name, value]) => `-Dstepstream.security.${name}=${value}`).join(' ');
  }

  /** Starts the node, where and with what it had before. */
  async restart() {
    const log = join(this.#directory, 'log');
    this.#process = spawn(
      this.#command,
      ['dev', '--port', String(this.#port), '--kafka-port', this.kafka.split(':')[1], '--data-dir', join(this.#directory, 'data')],
      { stdio: ['ignore', 'pipe', openSync(log, 'a')], env: { ...process.env, STEPSTREAM_JAVA_OPTS: this.#options } },
    );
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), START_MILLIS);
    for await (const line of createInterface({ input: this.#process.stdout })) {
      clearTimeout(timer);
      this.endpoint = line.split(' ')[1];
      this.#port = new URL(this.endpoint).port;
      this.#process.stdout.resume();
      return;
    }
    throw new Error(`the stack does not start:\n${readFileSync(log, 'utf8')}`);
  }

  /** The end of what it has logged over all its lives. */
  logged() {
    return readFileSync(join(this.#directory, 'log'), 'utf8').split('\n').slice(-60).join('\n');
  }

  /** Without a word to anybody. */
  async kill() {
    await this.#end('SIGKILL');
  }

  async stop() {
    await this.#end('SIGTERM');
    this.#provider?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #end(signal) {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill(signal);
      await ended;
    }
  }

  /** Publishes starts that nobody can read. */
  async publishUnreadable(...texts) {
    await promisify(execFile)(this.#command, ['worker', new URL('Letters.java', import.meta.url).pathname, this.kafka, ...texts]);
  }
}
