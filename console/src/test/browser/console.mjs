// What people do with the console, done in Chromium: node console.mjs CHROMIUM STEPSTREAM [--screenshots DIRECTORY] [ENDPOINT]
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Lane } from './lane.mjs';
import { OwnStack } from './ownStack.mjs';
import { Stack } from './stack.mjs';
import { steps as alone } from './steps/alone.mjs';
import { steps as away } from './steps/away.mjs';
import { steps as begin } from './steps/begin.mjs';
import { steps as editor } from './steps/editor.mjs';
import { steps as executions } from './steps/executions.mjs';
import { steps as login } from './steps/login.mjs';
import { steps as operations } from './steps/operations.mjs';

const { positionals: [executablePath, command, given], values: { screenshots } } = parseArgs({
  allowPositionals: true,
  options: { screenshots: { type: 'string' } },
});
if (screenshots) {
  mkdirSync(screenshots, { recursive: true });
}

let own;
let browser;
const end = async () => {
  await browser?.close();
  await own?.stop();
};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void end().finally(() => process.exit(1)));
}
own = given === undefined ? await OwnStack.start(command) : undefined;

const shared = {
  stack: new Stack(own?.endpoint ?? given, own?.key), own, screenshots,
  // In names, so that what an earlier run left behind is no part of this one.
  seen: { id: Date.now().toString(36) },
};

async function all() {
  const first = await Lane.open(browser, shared);
  if (!(await first.run([...begin, ...login]))) {
    return false;
  }
  const session = await first.context.storageState();
  // Beside each other: most of a step is waiting.
  const passed = await Promise.all([executions, editor, operations].map(async (steps) => {
    const lane = await Lane.open(browser, shared, session);
    const isGood = await lane.run(steps);
    await lane.context.close();
    return isGood;
  }));
  // Nothing else runs while time is taken, or the node is away.
  return passed.every(Boolean) && first.run([...alone, ...away]);
}

let passed = false;
try {
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  passed = await all();
} finally {
  await end();
}
process.exit(passed ? 0 : 1);
