// AWS's SDK for JavaScript against a stack. Ends with 1 at the first wrong answer.
import assert from "node:assert/strict";
import {
  ActivityDoesNotExist,
  ConflictException,
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteActivityCommand,
  DeleteStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeActivityCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  GetActivityTaskCommand,
  InvalidDefinition,
  InvalidToken,
  ListActivitiesCommand,
  ListTagsForResourceCommand,
  PublishStateMachineVersionCommand,
  SFNClient,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StateMachineAlreadyExists,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TagResourceCommand,
  TaskTimedOut,
  TestStateCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
} from "@aws-sdk/client-sfn";

const endpoint = process.argv[2];
assert.ok(endpoint, "usage: client.js ENDPOINT");

const roleArn = "arn:aws:iam::000000000000:role/any";
const definition = (name, state) =>
  JSON.stringify({ StartAt: name, States: { [name]: { ...state, End: true } } });
const pass = definition("P", { Type: "Pass" });
const wait = definition("W", { Type: "Wait", Seconds: 3600 });

const sfn = new SFNClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
  disableHostPrefix: true, // a host of 127.0.0.1 takes none
});
const say = (text) => console.log(`  ${text}`);
const call = (Command, input) => sfn.send(new Command(input));

async function refused(type, Command, input) {
  await assert.rejects(call(Command, input), type);
  say(`${Command.name} is refused: ${type.name}`);
}

/** Asks until the answer is so: views lag behind. */
async function eventually(what, ask, expected) {
  const deadline = Date.now() + 20_000;
  let actual = await ask();
  while (actual !== expected && Date.now() < deadline) {
    actual = await ask();
  }
  assert.equal(actual, expected, what);
  say(`${what}: ${actual}`);
}

async function count(paginator, input, list) {
  let items = 0;
  for await (const page of paginator({ client: sfn, pageSize: 2 }, input)) {
    items += page[list].length;
  }
  return items;
}

const create = async (name, text, type) =>
  (await call(CreateStateMachineCommand, { name, roleArn, definition: text, type })).stateMachineArn;
const start = async (stateMachineArn, input = "{}") =>
  (await call(StartExecutionCommand, { stateMachineArn, input })).executionArn;
const describe = (executionArn) => call(DescribeExecutionCommand, { executionArn });

const machine = await create("js", pass);
say(`created ${machine}`);
const described = await call(DescribeStateMachineCommand, { stateMachineArn: machine });
assert.equal(described.definition, pass);
assert.ok(described.creationDate instanceof Date);
await refused(StateMachineAlreadyExists, CreateStateMachineCommand, {
  name: "js",
  roleArn,
  definition: wait,
});
await refused(InvalidDefinition, CreateStateMachineCommand, {
  name: "js-invalid",
  roleArn,
  definition: "{}",
});
await refused(StateMachineDoesNotExist, StartExecutionCommand, { stateMachineArn: `${machine}x` });

const executions = [];
for (let n = 0; n < 5; n++) {
  executions.push(await start(machine, `{"n":${n}}`));
}
for (const [n, arn] of executions.entries()) {
  await eventually(`output ${n}`, async () => (await describe(arn)).output, `{"n":${n}}`);
}
await eventually(
  "executions",
  () => count(paginateListExecutions, { stateMachineArn: machine }, "executions"),
  5,
);
await eventually(
  "events",
  () => count(paginateGetExecutionHistory, { executionArn: executions[0] }, "events"),
  4,
);

const waits = await create("js-waits", wait);
const once = await call(StartExecutionCommand, { stateMachineArn: waits, name: "once", input: "{}" });
await refused(ExecutionAlreadyExists, StartExecutionCommand, {
  stateMachineArn: waits,
  name: "once",
  input: '{"n":1}',
});
const { stopDate } = await call(StopExecutionCommand, { executionArn: once.executionArn });
await eventually(
  "status of the stopped",
  async () => (await describe(once.executionArn)).status,
  "ABORTED",
);
assert.deepEqual((await describe(once.executionArn)).stopDate, stopDate);

const { activityArn } = await call(CreateActivityCommand, { name: "js" });
const task = await create("js-task", definition("T", { Type: "Task", Resource: activityArn }));
async function taken() {
  for (let poll = 0; poll < 10; poll++) {
    const answer = await call(GetActivityTaskCommand, { activityArn, workerName: "js" });
    if (answer.taskToken) {
      return answer;
    }
  }
  assert.fail("there is no task");
}
const works = await start(task, '{"n":3}');
const { taskToken, input } = await taken();
assert.equal(input, '{"n":3}');
await call(SendTaskHeartbeatCommand, { taskToken });
await call(SendTaskSuccessCommand, { taskToken, output: '{"n":4}' });
await eventually("output of the task", async () => (await describe(works)).output, '{"n":4}');
await refused(TaskTimedOut, SendTaskSuccessCommand, { taskToken, output: "{}" });
await refused(InvalidToken, SendTaskFailureCommand, { taskToken: "made-up" });
const { activities } = await call(ListActivitiesCommand, {});
assert.ok(activities.some((each) => each.activityArn === activityArn));
await call(DeleteActivityCommand, { activityArn });
await refused(ActivityDoesNotExist, DescribeActivityCommand, { activityArn });

const tags = [{ key: "team", value: "orders" }];
await call(TagResourceCommand, { resourceArn: machine, tags });
assert.deepEqual((await call(ListTagsForResourceCommand, { resourceArn: machine })).tags, tags);
say("tagged a machine");

const { stateMachineVersionArn } = await call(PublishStateMachineVersionCommand, {
  stateMachineArn: machine,
});
const { stateMachineAliasArn } = await call(CreateStateMachineAliasCommand, {
  name: "live",
  routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
});
const byAlias = await describe(await start(stateMachineAliasArn));
assert.equal(byAlias.stateMachineVersionArn, stateMachineVersionArn);
assert.equal(byAlias.stateMachineAliasArn, stateMachineAliasArn);
say(`started ${stateMachineAliasArn}`);
await refused(ConflictException, DeleteStateMachineVersionCommand, { stateMachineVersionArn });

const express = await create("js-express", pass, "EXPRESS");
const sync = await call(StartSyncExecutionCommand, { stateMachineArn: express, input: '{"n":5}' });
assert.equal(sync.output, '{"n":5}');
const tested = await call(TestStateCommand, {
  roleArn,
  definition: '{"Type":"Pass","Next":"Other"}',
  input: "{}",
});
assert.equal(tested.nextState, "Other");
say("ran an Express machine and tested a state");

await call(DeleteStateMachineCommand, { stateMachineArn: machine });
say(`deleted ${machine}`);
