import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { deploy } from './deploy.js';
import { resources, UnsupportedTemplate } from './template.js';

const place = { region: 'us-east-1', account: '000000000000' };
const arn = (kind, name) => `arn:aws:states:us-east-1:000000000000:${kind}:${name}`;
const machine = (properties) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { RoleArn: 'arn:aws:iam::000000000000:role/r', ...properties },
});

let directory;
let synthesized;

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdk-'));
  execFileSync(process.execPath, ['app.js', directory], { cwd: import.meta.dirname, stdio: 'inherit' });
  synthesized = JSON.parse(readFileSync(join(directory, 'Orders.template.json'), 'utf8'));
});

after(() => rmSync(directory, { recursive: true }));

test("the CDK's template is worked out, what is referred to first", () => {
  const found = resources(synthesized, place);

  assert.deepEqual(
    found.map(({ kind, name }) => `${kind} ${name}`),
    ['machine price', 'activity order-approval', 'machine order'],
  );
  const order = JSON.parse(found[2].definition);
  assert.equal(order.States.FindPrice.Resource, 'arn:aws:states:::states:startExecution.sync:2');
  assert.equal(order.States.FindPrice.Parameters.StateMachineArn, arn('stateMachine', 'price'));
  assert.equal(order.States.Approve.Resource, arn('activity', 'order-approval'));
  assert.equal(
    order.States.ChargeCard.Parameters.FunctionName,
    'arn:aws:lambda:us-east-1:000000000000:function:charge-card',
  );
  assert.deepEqual(found[2].tags, [{ key: 'team', value: 'orders' }]);
});

test('Fn::Sub, substitutions and definitions that are objects are worked out', () => {
  const [one, two] = resources(
    {
      Resources: {
        One: machine({ DefinitionString: { 'Fn::Sub': '"${AWS::Region} ${Two.Name} ${Two}"' } }),
        Two: machine({ Definition: { StartAt: '${first}' }, DefinitionSubstitutions: { first: 'P' } }),
      },
    },
    place,
  ).toReversed();

  assert.equal(one.definition, `"us-east-1 Two ${arn('stateMachine', 'Two')}"`);
  assert.equal(two.definition, '{"StartAt":"P"}');
});

test('what is no state machine is refused by its name', () => {
  assert.throws(
    () => resources({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } } }, place),
    (error) => error instanceof UnsupportedTemplate && error.message.includes('Bucket (AWS::S3::Bucket)'),
  );
});

test("what can't be worked out is refused", () => {
  for (const DefinitionString of [{ Ref: 'Nothing' }, { 'Fn::ImportValue': 'x' }, { 'Fn::GetAtt': ['M', 'Size'] }]) {
    assert.throws(() => resources({ Resources: { M: machine({ DefinitionString }) } }, place), UnsupportedTemplate);
  }
  assert.throws(
    () => resources({ Resources: { M: machine({ DefinitionS3Location: { Bucket: 'b', Key: 'k' } }) } }, place),
    UnsupportedTemplate,
  );
});

const endpoint = process.env.STEPSTREAM_ENDPOINT;

test('it is deployed, run, and changed by a second time', { skip: !endpoint && 'no STEPSTREAM_ENDPOINT' }, async () => {
  const client = new SFNClient({
    endpoint,
    region: place.region,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const price = arn('stateMachine', 'price');
  const order = arn('stateMachine', 'order');

  assert.deepEqual(await deploy(client, synthesized, place), [price, arn('activity', 'order-approval'), order]);
  assert.equal(await outcome(client, price, { quantity: 2 }), '{"cents":4}');
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: order }));
  assert.deepEqual(tags, [{ key: 'team', value: 'orders' }]);

  const changed = structuredClone(synthesized);
  const id = Object.keys(changed.Resources).find((name) => name.startsWith('Price'));
  changed.Resources[id].Properties.DefinitionString =
    '{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"free","End":true}}}';
  await deploy(client, changed, place);
  const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn: price }));
  assert.equal(described.definition, changed.Resources[id].Properties.DefinitionString);
  assert.equal(await outcome(client, price, {}), '"free"');
});

async function outcome(client, stateMachineArn, input) {
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { status, output, error } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return output ?? error;
    assert.ok(Date.now() < deadline, `${executionArn} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
