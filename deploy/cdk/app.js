// State machines in AWS's CDK. `node app.js` writes their template to cdk.out; there is no CloudFormation to give it to,
// so deploy.js carries out what it says about Step Functions.
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import {
  Activity,
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  Pass,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  LambdaInvoke,
  StepFunctionsInvokeActivity,
  StepFunctionsStartExecution,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';

const account = process.env.STEPSTREAM_ACCOUNT ?? '000000000000';
const region = process.env.AWS_REGION ?? 'us-east-1';

const app = new App({ analyticsReporting: false, outdir: process.argv[2] ?? 'cdk.out' });
const stack = new Stack(app, 'Orders', { env: { account, region } });

// A role that isn't the stack's: who may do what is in a file of the coordinators (docs/security.md).
const role = Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${account}:role/stepstream`, { mutable: false });

// A function of a worker is named by an ARN, as one of Lambda is.
const charge = Function.fromFunctionArn(
  stack,
  'Charge',
  `arn:aws:lambda:${region}:${account}:function:charge-card`,
);

const price = new StateMachine(stack, 'Price', {
  stateMachineName: 'price',
  role,
  definitionBody: DefinitionBody.fromChainable(
    new Choice(stack, 'Anything?')
      .when(
        Condition.numberGreaterThan('$.quantity', 0),
        Pass.jsonPath(stack, 'Multiply', {
          parameters: { 'cents.$': 'States.MathAdd($.quantity, $.quantity)' },
        }),
      )
      .otherwise(new Fail(stack, 'Nothing', { error: 'Orders.Empty', cause: 'There is nothing to price' })),
  ),
});

const approval = new Activity(stack, 'Approval', { activityName: 'order-approval' });

const order = new StateMachine(stack, 'Order', {
  stateMachineName: 'order',
  role,
  stateMachineType: StateMachineType.STANDARD,
  definitionBody: DefinitionBody.fromChainable(
    new StepFunctionsStartExecution(stack, 'FindPrice', {
      stateMachine: price,
      integrationPattern: IntegrationPattern.RUN_JOB,
    })
      .next(new StepFunctionsInvokeActivity(stack, 'Approve', { activity: approval }))
      .next(new LambdaInvoke(stack, 'ChargeCard', { lambdaFunction: charge })),
  ),
});
Tags.of(order).add('team', 'orders');

app.synth();
