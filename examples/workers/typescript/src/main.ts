// The functions that this worker serves. Start: node dist/main.js BOOTSTRAP_SERVERS; ends by SIGTERM.
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Attempt, TaskFailed } from "./attempt.js";
import { Worker } from "./worker.js";

/** Counts the words of a text; a text without any is a failure that the state machine may catch. */
function countWords(request: { text: string }, attempt: Attempt): object {
  const words = request.text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) {
    throw new TaskFailed("Texts.Empty", "There is no word in the text");
  }
  return { words: words.length, attempt: attempt.retryCount + 1 };
}

/** Takes a second for each page, longer than the state is patient, and says after each that it goes on. */
async function readSlowly(request: { pages: number }, attempt: Attempt): Promise<object> {
  for (let page = 0; page < request.pages; page++) {
    await sleep(1_000, undefined, { signal: attempt.ends });
    attempt.heartbeat();
  }
  return { pages: request.pages };
}

const bootstrapServers = process.argv[2];
if (bootstrapServers === undefined) {
  console.error("usage: node dist/main.js BOOTSTRAP_SERVERS");
  process.exit(2);
}
const worker = new Worker({
  bootstrapServers: bootstrapServers.split(","),
  queue: "typescript",
  pool: "typescript",
  functions: { "ts-count-words": countWords, "ts-read-slowly": readSlowly },
  schemas: fileURLToPath(new URL("../../../../schemas/src/main/resources/io/stepstream/schemas", import.meta.url)),
  queuePartitions: 4,
});
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void worker.stop().then(() => process.exit(0)));
}
await worker.start((e) => {
  console.error(e);
  process.exit(1);
});
