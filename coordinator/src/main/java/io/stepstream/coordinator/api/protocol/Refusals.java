package io.stepstream.coordinator.api.protocol;

import io.stepstream.coordinator.api.protocol.Answer.Refusal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AWS's errors in AWS's wording, as far as it has been seen on the wire. */
public final class Refusals {

  private Refusals() {}

  /** An error that the language itself has put into AWS's words. */
  public static Refusal of(String code, String message) {
    return Refusal.of(code, message);
  }

  public static Refusal invalidArn(String what) {
    return Refusal.of("InvalidArn", "Invalid Arn: '" + what + "'");
  }

  public static Refusal invalidName(String name) {
    return Refusal.of("InvalidName", "Invalid Name: '" + name + "'");
  }

  /** The message is whole: it comes from the parser, which knows AWS's wording. */
  public static Refusal invalidDefinition(String message) {
    return Refusal.of("InvalidDefinition", message);
  }

  public static Refusal invalidExecutionInput(String what) {
    return Refusal.of(
        "InvalidExecutionInput", "Invalid State Machine Execution Input: '" + what + "'");
  }

  public static Refusal invalidLoggingConfiguration(String what) {
    return Refusal.of("InvalidLoggingConfiguration", "Invalid Logging Configuration: " + what);
  }

  public static Refusal invalidEncryptionConfiguration(String what) {
    return Refusal.of(
        "InvalidEncryptionConfiguration", "Invalid Encryption Configuration: " + what);
  }

  /** The key that is named isn't there, or not for this caller. */
  public static Refusal kmsAccessDenied(String message) {
    return Refusal.of("KmsAccessDeniedException", message);
  }

  /** The key that payloads are sealed with isn't there any more. */
  public static Refusal kmsInvalidState(String message) {
    return Refusal.of("KmsInvalidStateException", message);
  }

  public static Refusal invalidToken(String what) {
    return Refusal.of("InvalidToken", "Invalid Token: '" + what + "'");
  }

  public static Refusal tooManyTags(String resourceName) {
    return Refusal.of("TooManyTags", "Too many tags for resource: '" + resourceName + "'");
  }

  public static Refusal stateMachineDoesNotExist(String arn) {
    return Refusal.of("StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
  }

  public static Refusal stateMachineAlreadyExists(String arn) {
    return Refusal.of("StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'");
  }

  public static Refusal stateMachineDeleting(String arn) {
    return Refusal.of("StateMachineDeleting", "State Machine Deleting: '" + arn + "'");
  }

  /** The broker takes no record of that size. */
  public static Refusal definitionTooLarge() {
    return invalidDefinition(
        "Invalid State Machine Definition: 'The definition is larger than the broker takes'");
  }

  public static Refusal missingRequiredParameter(String message) {
    return Refusal.of("MissingRequiredParameter", message);
  }

  public static Refusal stateMachineTypeNotSupported() {
    return Refusal.of(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine");
  }

  public static Refusal executionDoesNotExist(String arn) {
    return Refusal.of("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
  }

  public static Refusal executionAlreadyExists(String arn) {
    return Refusal.of("ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'");
  }

  /**
   * @param reason as DescribeExecution tells it
   */
  public static Refusal executionNotRedrivable(String reason) {
    return Refusal.of("ExecutionNotRedrivable", reason);
  }

  public static Refusal resourceNotFound(String arn) {
    return Refusal.of("ResourceNotFound", "Resource not found: '" + arn + "'");
  }

  /** AWS's words where a version or an alias is not there. */
  public static Refusal referencedResourceNotFound() {
    return Refusal.of("ResourceNotFound", "Request references a resource that does not exist.");
  }

  public static Refusal conflict(String message) {
    return new Refusal(409, "ConflictException", message, null, null);
  }

  public static Refusal quotaExceeded(String message) {
    return new Refusal(402, "ServiceQuotaExceededException", message, null, null);
  }

  public static Refusal tooManyVersions(String stateMachineArn) {
    return quotaExceeded(
        "The state machine has as many versions as it may have: " + stateMachineArn);
  }

  public static Refusal invalidOutput(String what) {
    return Refusal.of("InvalidOutput", "Invalid Output: '" + what + "'");
  }

  /** The task has ended, by whatever: AWS says this of all of them. */
  public static Refusal taskTimedOut() {
    return Refusal.of("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }

  public static Refusal taskDoesNotExist() {
    return Refusal.of("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
  }

  public static Refusal activityAlreadyExists(String arn) {
    return Refusal.of(
        "ActivityAlreadyExists",
        "Activity Already Exists: '" + arn + "'. EncryptionConfiguration may not be updated.");
  }

  public static Refusal activityDoesNotExist(String arn) {
    return Refusal.of("ActivityDoesNotExist", "Activity Does Not Exist: '" + arn + "'");
  }

  public static Refusal activityWorkerLimitExceeded(String arn) {
    return Refusal.of(
        "ActivityWorkerLimitExceeded", "Too many workers poll the activity: '" + arn + "'");
  }

  /** A rule beyond the model's constraints is broken. */
  public static Refusal validation(String message) {
    return Refusal.of("ValidationException", message);
  }

  /** As {@link #validation(String)}, with AWS's reason for programs. */
  public static Refusal validation(String message, @Nullable String reason) {
    return new Refusal(400, "ValidationException", message, reason, null);
  }

  /** Constraints of the model are broken; each violation begins with {@code Value}. */
  static Refusal violations(List<String> violations) {
    int count = violations.size();
    return validation(
        "%d validation error%s detected: %s"
            .formatted(count, count == 1 ? "" : "s", String.join("; ", violations)));
  }

  public static Refusal serialization(String message) {
    return Refusal.of("SerializationException", message);
  }

  public static Refusal unknownOperation(String message) {
    return Refusal.of("UnknownOperationException", message);
  }

  public static Refusal incompleteSignature(String message) {
    return Refusal.of("IncompleteSignature", message);
  }

  public static Refusal tooLarge(long maximumBytes) {
    return new Refusal(
        413,
        "RequestEntityTooLargeException",
        "The request is larger than " + maximumBytes + " bytes",
        null,
        null);
  }

  /** The request doesn't even name an action. */
  public static Refusal http(int status, String message) {
    return new Refusal(status, "UnknownOperationException", message, null, null);
  }

  /** AWS's answer to too many calls; its SDKs wait and try again. */
  public static Refusal throttled() {
    return of("ThrottlingException", "Rate exceeded");
  }

  public static Refusal unavailable(String message, Duration retryAfter) {
    return new Refusal(503, "ServiceUnavailable", message, null, retryAfter);
  }

  /**
   * @param message AWS's, which says who may not do what to what
   */
  public static Refusal accessDenied(String message) {
    return of("AccessDeniedException", message);
  }

  /** A bug; the log has the details under the request id. */
  public static Refusal internalFailure(String requestId) {
    return new Refusal(
        500,
        "InternalFailure",
        "The request could not be carried out because of an internal error; the log has more under"
            + " request id "
            + requestId,
        null,
        null);
  }
}
