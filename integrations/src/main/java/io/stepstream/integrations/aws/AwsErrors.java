package io.stepstream.integrations.aws;

import io.stepstream.worker.handler.TaskFailedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * How errors of a service are told. AWS Step Functions runs on AWS's SDK for Java: {@code aws-sdk}
 * actions on its version 2, the older integrations on version 1, and the names and causes of errors
 * are those of its exceptions.
 *
 * @param prefix what the names of the service's errors begin with
 * @param former as version 1 had it; null: as version 2 has it
 */
record AwsErrors(String prefix, @Nullable Former former) {

  /**
   * @param exception the name for errors which the service's description doesn't list
   * @param service the service's name in causes
   */
  record Former(String exception, String service) {}

  static AwsErrors former(String prefix, String exception, String service) {
    return new AwsErrors(prefix, new Former(exception, service));
  }

  TaskFailedException failure(SdkException problem) {
    if (!(problem instanceof AwsServiceException refusal)) {
      return new TaskFailedException(prefix + ".SdkClientException", problem.getMessage());
    }
    String type = refusal.getClass().getSimpleName();
    if (former == null) {
      return new TaskFailedException(prefix + "." + type, refusal.getMessage());
    }
    // An error that isn't listed is of the type that all listed ones extend.
    boolean listed = refusal.getClass().getSuperclass() != AwsServiceException.class;
    AwsErrorDetails details = refusal.awsErrorDetails();
    return new TaskFailedException(
        prefix + "." + (listed ? type : former.exception()),
        "%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)"
            .formatted(
                details == null ? refusal.getMessage() : details.errorMessage(),
                former.service(),
                refusal.statusCode(),
                details == null ? null : details.errorCode(),
                refusal.requestId()));
  }
}
