package io.stepstream.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads an order to its handler and says how the attempt ended, in AWS's words where AWS has some.
 * Never throws for what an order or a handler does.
 */
final class TaskInvoker {

  private static final Logger LOG = LoggerFactory.getLogger(TaskInvoker.class);

  private static final String INTEGRATION = "arn:aws:states:::";
  private static final String LAMBDA_INVOKE = INTEGRATION + "lambda:invoke";
  private static final String SDK_INVOKE = INTEGRATION + "aws-sdk:lambda:invoke";

  private final HandlerDirectory handlers;
  private final InstantSource clock;

  TaskInvoker(HandlerDirectory handlers, InstantSource clock) {
    this.handlers = handlers;
    this.clock = clock;
  }

  /**
   * Whether a call is let end though nobody waits for its task: what begins a job or stops one.
   * Interrupted in the middle, it would leave a job that nobody knows of, or that nobody stops.
   */
  boolean mustEnd(TaskOrder order) {
    return order.getJob() == null
        ? handlers.resource(order.getResource()).orElse(null) instanceof JobHandler
        : order.getJob().getStop();
  }

  Outcome invoke(TaskOrder order, TaskContext context) {
    String target = context.target();
    boolean forToken = !target.equals(order.getResource());
    Outcome outcome = dispatch(target, order, context);
    if (outcome instanceof Outcome.Succeeded succeeded) {
      if (succeeded.output().length > TaskHandler.MOST_RESULT_BYTES) {
        return tooLarge(target);
      }
      if (forToken) {
        return new Outcome.HandedOver(succeeded.output());
      }
    }
    return outcome;
  }

  private Outcome dispatch(String target, TaskOrder order, TaskContext context) {
    if (order.getJob() != null) {
      return handlers.resource(target).orElse(null) instanceof JobHandler jobs
          ? JobCalls.ofJob(jobs, order.getJob(), context)
          : JobCalls.unserved(order.getJob(), resourceNotServed(order));
    }
    if (target.equals(LAMBDA_INVOKE) || target.equals(SDK_INVOKE)) {
      return invokeLambda(target, order, context);
    }
    Optional<FunctionName> function =
        target.startsWith("arn:") ? FunctionName.parse(target) : Optional.empty();
    return function
        .flatMap(name -> handlers.function(name.name()))
        .or(() -> handlers.resource(target))
        .map(handler -> call(handler, Payloads.bytes(order.getInput()), context))
        .orElseGet(
            () ->
                function
                    .map(name -> functionNotFound(name, order))
                    .orElseGet(() -> resourceNotServed(order)));
  }

  private Outcome invokeLambda(String target, TaskOrder order, TaskContext context) {
    byte[] arguments = Payloads.bytes(order.getInput());
    LambdaInvocation invocation;
    try {
      invocation = LambdaInvocation.parse(arguments);
    } catch (IOException e) {
      return new Outcome.Failed(
          "States.Runtime",
          "The arguments of '%s' in state '%s' are not a JSON object."
              .formatted(order.getResource(), order.getStateName()));
    }
    String given =
        invocation.functionName() == null ? order.getFunction() : invocation.functionName();
    if (given == null) {
      return new Outcome.Failed(
          "States.Runtime",
          "The field 'FunctionName' is required in the arguments of '%s' in state '%s' but was missing."
              .formatted(order.getResource(), order.getStateName()));
    }
    Optional<FunctionName> function = FunctionName.parse(given);
    Optional<TaskHandler> handler = function.flatMap(name -> handlers.function(name.name()));
    if (function.isPresent() && handler.isPresent()) {
      Outcome outcome = call(handler.get(), invocation.payload(), context);
      return target.equals(SDK_INVOKE) ? answered(outcome) : wrapped(outcome, order);
    }
    Optional<TaskHandler> integration = handlers.resource(target);
    if (integration.isPresent()) {
      return call(integration.get(), arguments, context);
    }
    return functionNotFound(
        function.orElseGet(() -> new FunctionName(null, null, given, FunctionName.LATEST)), order);
  }

  private Outcome wrapped(Outcome outcome, TaskOrder order) {
    return outcome instanceof Outcome.Succeeded succeeded
        ? new Outcome.Succeeded(
            LambdaInvocation.envelope(
                succeeded.output(), FunctionName.LATEST, order.getTraceHeader(), clock.instant()))
        : outcome;
  }

  /** For AWS's SDK a call has succeeded also when the function has failed. */
  private static Outcome answered(Outcome outcome) {
    try {
      return new Outcome.Succeeded(LambdaInvocation.answer(outcome, FunctionName.LATEST));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome call(TaskHandler handler, byte[] input, TaskContext context) {
    try {
      return handler instanceof JobHandler jobs
          ? JobCalls.submit(jobs, input, context)
          : new Outcome.Succeeded(handler.handleBytes(input, context));
    } catch (JsonProcessingException e) {
      return isJson(input) ? HandlerFault.of(e) : notJson(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HandlerFault.of(e);
    } catch (Throwable e) {
      // Also errors: a handler that overflows its stack fails its task, not the worker.
      return HandlerFault.of(e);
    }
  }

  private static boolean isJson(byte[] text) {
    try {
      JsonText.read(text);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * A Payload given as a string is sent verbatim, so it may be no JSON; in the words of AWS Lambda.
   */
  private static Outcome notJson(JsonProcessingException problem) {
    return new Outcome.Failed(
        "Lambda.InvalidRequestContentException",
        ("Could not parse request body into json: Could not parse payload into json: %s (Service:"
             + " AWSLambda; Status Code: 400; Error Code: InvalidRequestContentException; Request"
             + " ID: %s; Proxy: null)")
            .formatted(problem.getOriginalMessage(), UUID.randomUUID()));
  }

  private Outcome functionNotFound(FunctionName function, TaskOrder order) {
    LOG.warn(
        "State {} of {} asks for the function {}, which no handler of this worker serves. It"
            + " serves: {}.",
        order.getStateName(),
        order.getStateMachineArn(),
        function.name(),
        handlers.names());
    return new Outcome.Failed(
        "Lambda.ResourceNotFoundException",
        ("Function not found: %s (Service: AWSLambda; Status Code: 404;"
                + " Error Code: ResourceNotFoundException; Request ID: %s; Proxy: null)")
            .formatted(function.arn(order.getExecutionArn()), UUID.randomUUID()));
  }

  private Outcome resourceNotServed(TaskOrder order) {
    return new Outcome.Failed(
        "States.Runtime",
        ("No handler of this worker serves the resource '%s' of state '%s'. It serves: %s. Register"
                + " a TaskHandler whose serves() names the resource, or route the resource to the"
                + " queue of a worker that has one.")
            .formatted(
                order.getResource(), order.getStateName(), String.join(", ", handlers.names())));
  }

  private static Outcome tooLarge(String target) {
    String task =
        target.startsWith(INTEGRATION)
            ? target.substring(INTEGRATION.length(), target.lastIndexOf(':'))
            : target;
    return new Outcome.Failed(
        "States.DataLimitExceeded",
        ("The state/task '%s' returned a result with a size exceeding the maximum number of bytes"
                + " service limit.")
            .formatted(task));
  }
}
