"""Leads an order to its function and says how the attempt ended, in AWS's words where AWS has some."""

import json
import traceback

from .attempt import TaskFailed
from .wire import Branch

FOR_TOKEN = ".waitForTaskToken"
LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"
MOST_RESULT_BYTES = 262_144


def invoke(functions, order, attempt):
    """The body of the envelope that answers the order. Raises nothing for what orders or functions do."""
    target = order["resource"].removesuffix(FOR_TOKEN)
    try:
        output = json.dumps(_call(functions, target, order, attempt), separators=(",", ":"), ensure_ascii=False)
    except TaskFailed as e:
        return failed(e.error, e.cause)
    except Exception as e:
        return failed(type(e).__name__, _described(e))
    encoded = output.encode()
    if len(encoded) > MOST_RESULT_BYTES:
        return failed("States.DataLimitExceeded", f"The result of '{target}' has {len(encoded)} bytes.")
    # Whoever has the token ends a task that waits for it; the function's result is only told in the history.
    return Branch("TaskSubmitted" if target != order["resource"] else "TaskSucceeded", {"output": encoded})


def failed(error, cause):
    """A failed attempt."""
    return Branch("TaskFailed", {"error": error, "cause": cause})


def _call(functions, target, order, attempt):
    arguments = json.loads(order["input"])
    if target != LAMBDA_INVOKE:
        return _function(functions, order["function"])(arguments, attempt)
    payload = arguments.get("Payload", {})
    if isinstance(payload, str):
        payload = json.loads(payload)  # a Payload that is a string is itself the text that the function receives
    result = _function(functions, order["function"] or arguments.get("FunctionName"))(payload, attempt)
    return {
        "ExecutedVersion": "$LATEST",
        "Payload": result,
        "SdkHttpMetadata": {"HttpStatusCode": 200},
        "StatusCode": 200,
    }


def _function(functions, name):
    if name not in functions:
        raise TaskFailed("Lambda.ResourceNotFoundException", f"Function not found: {name}")
    return functions[name]


def _described(e):
    """As a function on AWS Lambda tells of an exception."""
    return json.dumps(
        {
            "errorMessage": str(e),
            "errorType": type(e).__name__,
            "stackTrace": traceback.format_tb(e.__traceback__)[-20:],
        }
    )
