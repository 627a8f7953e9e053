/** Starts the real app behind the real local host, on a fresh storage: tests/portal/stack.py in the project's folder. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Stack {
  /** Where the pages are, without a slash at the end. */
  url: string;
  functionKey: string;
  masterKey: string;
  /** Ends the app, so that nothing answers; the storage stays. */
  away: () => Promise<void>;
  back: () => Promise<void>;
  /** Makes the sample tenant with its 90 days, once. */
  sample: () => Promise<void>;
  stop: () => Promise<void>;
}

type Command = 'away' | 'back' | 'sample';

const project = fileURLToPath(new URL('../../', import.meta.url));
const own = `${project}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(own) ? own : 'python3');

export async function startStack(): Promise<Stack> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, ['-m', 'tests.portal.stack'], {
    cwd: project,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = (await lines.next()) as { value?: string; done?: boolean };
    if (done === true || value === undefined) throw new Error('the app has ended; its messages are above');
    return value;
  };
  // One command after the other: each has one line for an answer.
  let last: Promise<unknown> = Promise.resolve();
  const tell = (command: Command): Promise<void> => {
    const told = last.then(async () => {
      child.stdin.write(`${command}\n`);
      await line();
    });
    last = told;
    return told;
  };
  let sampled: Promise<void> | undefined;
  const ready = JSON.parse(await line()) as Pick<Stack, 'url' | 'functionKey' | 'masterKey'>;
  return {
    ...ready,
    away: () => tell('away'),
    back: () => tell('back'),
    sample: () => (sampled ??= tell('sample')),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.stdin.end();
      }),
  };
}
