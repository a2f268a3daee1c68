import { ApiFailure } from './failure';
import { send } from './send';
import type { Diagnostic, Execution, ExecutionItem, HistoryEvent, Machine, MachineItem, MapRun, Status } from './types';

/** AWS's actions, as any client calls them: JSON 1.0 by POST to the origin that the console came from. */
async function call<T>(action: string, parameters: object, signal?: AbortSignal): Promise<T> {
  const text = await send(
    '/',
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${action}` },
      body: JSON.stringify(parameters),
      ...(signal ? { signal } : {}),
    },
    refusal,
  );
  return JSON.parse(text) as T;
}

export function refusal(status: number, text: string): ApiFailure {
  const temporary = status >= 500 || status === 429;
  try {
    const body = JSON.parse(text) as { __type?: string; message?: string };
    const code = body.__type?.split('#').pop() ?? `HTTP ${status}`;
    return new ApiFailure(code, body.message ?? code, temporary || code === 'ThrottlingException');
  } catch {
    return new ApiFailure(`HTTP ${status}`, text.slice(0, 200) || `HTTP ${status}`, temporary);
  }
}

/** Follows pages up to a bound, so that no answer fills the browser's memory. */
async function pages<T>(read: (token: string | undefined) => Promise<{ items: T[]; next: string | undefined }>, most: number) {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...page.items);
    token = page.next;
  } while (token !== undefined && items.length < most);
  return { items, complete: token === undefined };
}

const token = (nextToken: string | undefined) => (nextToken === undefined ? {} : { nextToken });

export interface ExecutionFilter {
  stateMachineArn?: string;
  mapRunArn?: string;
  statusFilter?: Status;
}

export const aws = {
  listMachines: (signal?: AbortSignal) =>
    pages<MachineItem>(async (from) => {
      const page = await call<{ stateMachines: MachineItem[]; nextToken?: string }>(
        'ListStateMachines', { maxResults: 1000, ...token(from) }, signal);
      return { items: page.stateMachines, next: page.nextToken };
    }, 10_000),

  describeMachine: (stateMachineArn: string, signal?: AbortSignal) =>
    call<Machine>('DescribeStateMachine', { stateMachineArn }, signal),

  describeMachineForExecution: (executionArn: string, signal?: AbortSignal) =>
    call<Machine & { mapRunArn?: string }>('DescribeStateMachineForExecution', { executionArn }, signal),

  createMachine: (parameters: { name: string; definition: string; roleArn: string; type: string }) =>
    call<{ stateMachineArn: string }>('CreateStateMachine', parameters),

  updateMachine: (parameters: { stateMachineArn: string; definition: string; publish?: boolean; versionDescription?: string }) =>
    call<{ updateDate: number; revisionId: string; stateMachineVersionArn?: string }>('UpdateStateMachine', parameters),

  validate: (definition: string, type: string, signal?: AbortSignal) =>
    call<{ result: 'OK' | 'FAIL'; diagnostics: Diagnostic[] }>('ValidateStateMachineDefinition', { definition, type }, signal),

  testState: (definition: string, input: string, variables: string) =>
    call<{
      status: string; output?: string; error?: string; cause?: string; nextState?: string; inspectionData?: Record<string, unknown>;
    }>('TestState', { definition, input, variables, inspectionLevel: 'TRACE', roleArn: 'arn:aws:iam::000000000000:role/console' }),

  listVersions: async (stateMachineArn: string, signal?: AbortSignal) =>
    (await call<{ stateMachineVersions: { stateMachineVersionArn: string; creationDate: number }[] }>(
      'ListStateMachineVersions', { stateMachineArn, maxResults: 1000 }, signal)).stateMachineVersions,

  listAliases: async (stateMachineArn: string, signal?: AbortSignal) =>
    (await call<{ stateMachineAliases: { stateMachineAliasArn: string; creationDate: number }[] }>(
      'ListStateMachineAliases', { stateMachineArn, maxResults: 1000 }, signal)).stateMachineAliases,

  describeAlias: (stateMachineAliasArn: string, signal?: AbortSignal) =>
    call<{
      stateMachineAliasArn: string; name: string; description?: string;
      routingConfiguration: { stateMachineVersionArn: string; weight: number }[];
    }>('DescribeStateMachineAlias', { stateMachineAliasArn }, signal),

  listTags: async (resourceArn: string, signal?: AbortSignal) =>
    (await call<{ tags: { key: string; value: string }[] }>('ListTagsForResource', { resourceArn }, signal)).tags,

  listExecutions: async (filter: ExecutionFilter, nextToken: string | undefined, signal?: AbortSignal) =>
    call<{ executions: ExecutionItem[]; nextToken?: string }>(
      'ListExecutions', { ...filter, maxResults: 100, ...token(nextToken) }, signal),

  listExecutionsUpTo: (filter: ExecutionFilter, most: number, signal?: AbortSignal) =>
    pages<ExecutionItem>(async (from) => {
      const page = await call<{ executions: ExecutionItem[]; nextToken?: string }>(
        'ListExecutions', { ...filter, maxResults: 1000, ...token(from) }, signal);
      return { items: page.executions, next: page.nextToken };
    }, most),

  describeExecution: (executionArn: string, signal?: AbortSignal) =>
    call<Execution>('DescribeExecution', { executionArn }, signal),

  /** The events from the first on; 25,000 is what a history may have at most. */
  history: (executionArn: string, signal?: AbortSignal) =>
    pages<HistoryEvent>(async (from) => {
      const page = await call<{ events: HistoryEvent[]; nextToken?: string }>(
        'GetExecutionHistory', { executionArn, maxResults: 1000, ...token(from) }, signal);
      return { items: page.events, next: page.nextToken };
    }, 50_000),

  /** The latest event, without payloads. */
  lastEvent: async (executionArn: string, signal?: AbortSignal) =>
    (await call<{ events: HistoryEvent[] }>(
      'GetExecutionHistory', { executionArn, maxResults: 1, reverseOrder: true, includeExecutionData: false }, signal)).events[0],

  sendTaskSuccess: (taskToken: string, output: string) => call<object>('SendTaskSuccess', { taskToken, output }),

  sendTaskFailure: (taskToken: string, error: string, cause: string) =>
    call<object>('SendTaskFailure', { taskToken, ...(error ? { error } : {}), ...(cause ? { cause } : {}) }),

  start: (stateMachineArn: string, input: string, name: string | undefined) =>
    call<{ executionArn: string }>('StartExecution', { stateMachineArn, input, ...(name ? { name } : {}) }),

  stop: (executionArn: string, error?: string, cause?: string) =>
    call<{ stopDate: number }>('StopExecution', { executionArn, ...(error ? { error } : {}), ...(cause ? { cause } : {}) }),

  redrive: (executionArn: string) => call<{ redriveDate: number }>('RedriveExecution', { executionArn }),

  listMapRuns: async (executionArn: string, signal?: AbortSignal) =>
    (await call<{ mapRuns: { mapRunArn: string; startDate: number; stopDate?: number }[] }>(
      'ListMapRuns', { executionArn, maxResults: 1000 }, signal)).mapRuns,

  describeMapRun: (mapRunArn: string, signal?: AbortSignal) => call<MapRun>('DescribeMapRun', { mapRunArn }, signal),

  updateMapRun: (parameters: {
    mapRunArn: string; maxConcurrency?: number; toleratedFailurePercentage?: number; toleratedFailureCount?: number;
  }) => call<object>('UpdateMapRun', parameters),
};
