// What needs no broker: npm test.
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
// @ts-expect-error it has no types
import lz4 from "lz4js";
import kafkajs from "kafkajs";
import { Attempt, TaskFailed, type TaskFunction } from "./attempt.js";
import { invoke } from "./invocation.js";
import "./lz4.js";
import { type Body, type TaskOrder, Unreadable, Wire } from "./wire.js";

const INVOKE = "arn:aws:states:::lambda:invoke";
const SCHEMAS = fileURLToPath(new URL("../../../../schemas/src/main/resources/io/stepstream/schemas", import.meta.url));

function order(given: unknown = {}, fields: Partial<TaskOrder> = {}): TaskOrder {
  return {
    executionArn: "arn:e",
    stateName: "S",
    resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
    function: "f",
    frameId: 1,
    epoch: 2,
    retryCount: 0,
    deadline: null,
    heartbeatSeconds: null,
    inboxTopic: "t",
    inboxPartition: 0,
    input: Buffer.from(JSON.stringify(given)),
    taskToken: null,
    ...fields,
  };
}

function answer(an: TaskOrder, f: TaskFunction = (given) => given): Promise<any> {
  return invoke({ f }, an, new Attempt(an, new AbortController().signal));
}

test("should give a function its input", async () => {
  assert.equal(String((await answer(order({ n: "é" }))).TaskSucceeded.output), '{"n":"é"}');
});

test("should give an invoked function its payload", async () => {
  for (const [given, seen] of [
    [{ FunctionName: "f", Payload: { n: 1 } }, { n: 1 }],
    [{ FunctionName: "f", Payload: '{"n":1}' }, { n: 1 }],
    [{ FunctionName: "f" }, {}],
  ]) {
    const body = await answer(order(given, { resource: INVOKE, function: null }));
    assert.deepEqual(JSON.parse(String(body.TaskSucceeded.output)).Payload, seen);
  }
});

test("should leave the end to the token", async () => {
  assert.ok((await answer(order({}, { resource: `${INVOKE}.waitForTaskToken` }))).TaskSubmitted);
});

test("should fail with what a function says", async () => {
  const declines = (): never => {
    throw new TaskFailed("Declined", "no money");
  };
  assert.deepEqual(await answer(order(), declines), { TaskFailed: { error: "Declined", cause: "no money" } });
});

test("should fail without the function or with too much", async () => {
  for (const name of ["g", "toString", null]) {
    const body = await answer(order({}, { function: name }));
    assert.equal(body.TaskFailed.error, "Lambda.ResourceNotFoundException");
  }
  assert.equal((await answer(order(), () => "x".repeat(262_143))).TaskFailed.error, "States.DataLimitExceeded");
  assert.ok((await answer(order(), () => "x".repeat(262_142))).TaskSucceeded);
});

test("should beat for a function until it beats itself", () => {
  const attempt = new Attempt(order(), new AbortController().signal);
  assert.equal(attempt.takeDueBeat(), true);
  attempt.heartbeat();
  assert.equal(attempt.takeDueBeat(), true);
  assert.equal(attempt.takeDueBeat(), false);
});

test("should write the record that it is told and refuse what is no order", () => {
  const wire = new Wire(SCHEMAS);
  const output = Buffer.from("1");
  const bodies: Body[] = [{ TaskSucceeded: { output } }, { TaskSubmitted: { output } }];
  const [succeeded, submitted] = bodies.map((body) => wire.envelope(order(), body));
  assert.notDeepEqual(succeeded, submitted);
  const wrongMagic = Buffer.from([1, ...succeeded!.subarray(1)]);
  const noFields = Buffer.from("0053540002", "hex");
  for (const value of [null, Buffer.alloc(0), Buffer.alloc(2), wrongMagic, Buffer.from("\0\0\0\0\x07x"), succeeded!, noFields]) {
    assert.throws(() => wire.order(value), Unreadable);
  }
});

test("should read what a coordinator compressed", async () => {
  const text = Buffer.from("order ".repeat(50_000));
  const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4]();
  assert.deepEqual(await codec.decompress(Buffer.from(lz4.compress(text))), text);
});
