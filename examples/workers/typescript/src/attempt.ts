// What a function sees of the attempt that it carries out, and how it says that it failed.
import type { TaskOrder } from "./wire.js";

/** The task failed. Retry and Catch of the state machine match on `error`. */
export class TaskFailed extends Error {
  constructor(
    readonly error: string,
    readonly why: string | null = null,
  ) {
    super(`${error}: ${why}`);
  }
}

/** One attempt of a Task state. */
export class Attempt {
  readonly retryCount: number;
  readonly stateName: string;
  readonly taskToken: string | null;
  /** The same attempt delivered twice has the same key, a retry has another. */
  readonly idempotencyKey: string;
  private own = false;
  private wanted = false;

  /** @param ends aborted when nobody waits any more: at the order's deadline */
  constructor(
    order: TaskOrder,
    readonly ends: AbortSignal,
  ) {
    this.retryCount = order.retryCount;
    this.stateName = order.stateName;
    this.taskToken = order.taskToken;
    this.idempotencyKey = `${order.executionArn}#${order.frameId}#${order.epoch}`;
  }

  /** Tells of progress. Until the first call the worker beats for the function; then only calls count. */
  heartbeat(): void {
    this.own = true;
    this.wanted = true;
  }

  /** True if a heartbeat is to be sent now, when one of the worker's own is due. */
  takeDueBeat(): boolean {
    const send = !this.own || this.wanted;
    this.wanted = false;
    return send;
  }
}

export type TaskFunction = (input: any, attempt: Attempt) => unknown | Promise<unknown>;
export type Functions = Record<string, TaskFunction>;
