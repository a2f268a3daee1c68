// Leads an order to its function and says how the attempt ended, in AWS's words where AWS has some.
import { type Attempt, type Functions, type TaskFunction, TaskFailed } from "./attempt.js";
import type { Body, TaskOrder } from "./wire.js";

const FOR_TOKEN = ".waitForTaskToken";
const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";
const MOST_RESULT_BYTES = 262_144;

/** The body of the envelope that answers the order. Rejects for nothing that orders or functions do. */
export async function invoke(functions: Functions, order: TaskOrder, attempt: Attempt): Promise<Body> {
  const forToken = order.resource.endsWith(FOR_TOKEN);
  const target = forToken ? order.resource.slice(0, -FOR_TOKEN.length) : order.resource;
  let output: Buffer;
  try {
    output = Buffer.from(JSON.stringify((await call(functions, target, order, attempt)) ?? null));
  } catch (e) {
    if (e instanceof TaskFailed) {
      return { TaskFailed: { error: e.error, cause: e.why } };
    }
    const thrown = e instanceof Error ? e : new Error(String(e));
    return { TaskFailed: { error: thrown.name, cause: described(thrown) } };
  }
  if (output.length > MOST_RESULT_BYTES) {
    const cause = `The result of '${target}' has ${output.length} bytes.`;
    return { TaskFailed: { error: "States.DataLimitExceeded", cause } };
  }
  // Whoever has the token ends a task that waits for it; the function's result is only told in the history.
  return forToken ? { TaskSubmitted: { output } } : { TaskSucceeded: { output } };
}

async function call(functions: Functions, target: string, order: TaskOrder, attempt: Attempt): Promise<unknown> {
  const given = JSON.parse(order.input.toString("utf8"));
  if (target !== LAMBDA_INVOKE) {
    return named(functions, order.function)(given, attempt);
  }
  // A Payload that is a string is itself the text that the function receives.
  const payload = typeof given.Payload === "string" ? JSON.parse(given.Payload) : (given.Payload ?? {});
  return {
    ExecutedVersion: "$LATEST",
    Payload: (await named(functions, order.function ?? given.FunctionName)(payload, attempt)) ?? null,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    StatusCode: 200,
  };
}

function named(functions: Functions, name: string | null): TaskFunction {
  const found = name === null || !Object.hasOwn(functions, name) ? undefined : functions[name];
  if (found === undefined) {
    throw new TaskFailed("Lambda.ResourceNotFoundException", `Function not found: ${name}`);
  }
  return found;
}

/** As a function on AWS Lambda tells of an exception. */
function described(thrown: Error): string {
  const trace = (thrown.stack ?? "").split("\n").slice(0, 20);
  return JSON.stringify({ errorType: thrown.name, errorMessage: thrown.message, trace });
}
