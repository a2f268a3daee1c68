// Carries out what a template says about Step Functions, at AWS_ENDPOINT_URL_SFN. What is there is changed; what the
// template no longer has stays.
import { readFile } from 'node:fs/promises';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  SFNClient,
  TagResourceCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { resources } from './template.js';

/** Deploys a template and returns the ARNs, in the order in which they came to be. */
export async function deploy(client, template, place) {
  const arns = [];
  for (const resource of resources(template, place)) {
    const { kind, name, arn, tags, definition, roleArn, type } = resource;
    if (kind === 'activity') {
      await client.send(new CreateActivityCommand({ name, tags }));
    } else {
      try {
        await client.send(new CreateStateMachineCommand({ name, definition, roleArn, type, tags }));
      } catch (error) {
        if (error.name !== 'StateMachineAlreadyExists') throw error;
        await client.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition, roleArn }));
        if (tags.length > 0) await client.send(new TagResourceCommand({ resourceArn: arn, tags }));
      }
    }
    arns.push(arn);
  }
  return arns;
}

if (import.meta.filename === process.argv[1]) {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const account = process.env.STEPSTREAM_ACCOUNT ?? '000000000000';
  const template = JSON.parse(await readFile(process.argv[2], 'utf8'));
  const arns = await deploy(new SFNClient({ region }), template, { region, account });
  arns.forEach((arn) => console.log(arn));
}
