/** What the API answers, as far as the console reads it. Times of AWS's actions are seconds since 1970. */

export const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
export type Status = (typeof STATUSES)[number];

export interface MachineItem {
  stateMachineArn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  creationDate: number;
}

export interface Machine extends MachineItem {
  status: string;
  definition: string;
  roleArn: string;
  revisionId?: string;
  description?: string;
  label?: string;
}

export interface ExecutionItem {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Status;
  startDate: number;
  stopDate?: number;
  mapRunArn?: string;
  redriveCount?: number;
}

export interface Execution extends ExecutionItem {
  input?: string;
  output?: string;
  error?: string;
  cause?: string;
  redriveStatus?: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  redriveStatusReason?: string;
  stateMachineVersionArn?: string;
  stateMachineAliasArn?: string;
}

/** An event of a history: the type decides which member holds the details. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  type: string;
  timestamp: number | string;
  [details: string]: unknown;
}

export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
  pendingRedrive?: number;
}

export interface MapRun {
  mapRunArn: string;
  executionArn: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  startDate: number;
  stopDate?: number;
  maxConcurrency: number;
  toleratedFailurePercentage: number;
  toleratedFailureCount: number;
  itemCounts: Counts;
  executionCounts: Counts;
  redriveCount?: number;
}

export interface Diagnostic {
  severity: 'ERROR' | 'WARNING';
  code: string;
  message: string;
  location?: string;
}

/** An execution as the search tells it: times are ISO 8601. */
export interface FoundExecution {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Status;
  startDate: string;
  stopDate?: string;
  mapRunArn?: string;
  redriveCount?: number;
  error?: string;
  cause?: string;
}

export interface Found {
  executions: FoundExecution[];
  total: number;
  totalIsLowerBound: boolean;
  nextPageToken?: string;
  asOf?: string;
  partlyIndexed: number;
}

export interface Limits {
  maxConcurrency?: number;
  ratePerSecond?: number;
  paused: boolean;
}

export interface Queue {
  queue: string;
  limits: Limits;
  backlog?: number;
  workers?: string[];
  pools: { pool: string; handlers: string[]; version: string; lastSeen: string }[];
}

export interface Trigger {
  name: string;
  topic: string;
  stateMachineArn: string;
  state: 'RUNNING' | 'WAITING' | 'PAUSED' | 'TOPIC_MISSING';
  paused: boolean;
  lag?: number;
  started: number;
  filtered: number;
  deadLettered: number;
  missed: number;
  lastError?: { at: string; detail: string };
}

/** A change of status, from the stream of all executions. */
export interface Change {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Status;
  date: string;
  error?: string;
  cause?: string;
  mapRunArn?: string;
}

/** What an attempt of a mocked task gets: a result, or an error or cause. */
export interface MockedAnswer {
  result?: unknown;
  error?: string;
  cause?: string;
  afterSeconds?: number;
}

export interface WantedSimulation {
  definition: string;
  type: string;
  input: unknown;
  mocks: Record<string, MockedAnswer[]>;
}

/** An execution that ran in memory, or one that a distributed Map of it has started. */
export interface SimulatedRun {
  status: Status;
  output?: unknown;
  error?: string;
  cause?: string;
  events: HistoryEvent[];
}

export interface Simulated extends SimulatedRun {
  waitsFor: string[];
  unmocked?: { state: string; resource: string; input: unknown };
  unusedMocks: string[];
  simulatedSeconds: number;
  children: (SimulatedRun & { name: string; input: unknown })[];
}

export interface Restore {
  since: string;
  restored: number;
  total: number;
}

export interface NodeOfCluster {
  id: string;
  address?: string;
  version: string;
  startDate: string;
  lanes: { lane: string; state: string; since: string }[];
}

export interface Partition {
  lane: string;
  task?: string;
  partition: number;
  inputs: string[];
  lag?: number;
  copies: { node: string; role: 'active' | 'standby'; storeLag?: number; restore?: Restore }[];
}

export interface Cluster {
  nodes: NodeOfCluster[];
  unreachable: { address: string; reason: string }[];
  partitions: Partition[];
  lagsUnknown?: string;
}

export interface Bucket {
  from: string;
  started: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  p50Millis?: number;
  p99Millis?: number;
}

export interface Metrics {
  from: string;
  to: string;
  bucketMillis: number;
  complete: boolean;
  asOf?: string;
  buckets: Bucket[];
}

export const LETTER_STATES = ['open', 'redriven', 'discarded', 'all'] as const;

interface Bytes {
  text: string;
  bytes: number;
  truncated: boolean;
}

export interface DeadLetter {
  id: string;
  time: string;
  source?: { topic: string; partition: number; offset: number; time: string };
  component: string;
  reason: string;
  key?: Bytes;
  value?: Bytes;
  headers?: { name: string; value?: Bytes }[];
  answered: boolean;
  leftOut: boolean;
  state: 'open' | 'redriven' | 'discarded';
  stateDate?: string;
}

/** What became of a letter: `outcome` is REDRIVEN or DISCARDED, or `detail` says why not. */
export interface LetterOutcome {
  id: string;
  outcome: string;
  detail?: string;
}

export interface BulkWish {
  kind: 'stop' | 'redrive';
  filter?: Record<string, string>;
  executionArns?: string[];
  cause?: string;
}

export interface BulkOperation {
  id: string;
  kind: 'stop' | 'redrive';
  filter?: Record<string, string | string[]>;
  named?: number;
  cause?: string;
  creationDate: string;
  state: 'running' | 'completed' | 'cancelled' | 'failed';
  cancelled: boolean;
  changed: number;
  unchanged: number;
  failed: number;
  failures?: { executionArn: string; reason: string }[];
  reason?: string;
  updateDate: string;
}
