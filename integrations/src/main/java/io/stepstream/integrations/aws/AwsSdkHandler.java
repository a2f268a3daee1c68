package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Serves {@code arn:aws:states:::aws-sdk:SERVICE:ACTION} for every service of {@link AwsServices}.
 */
@Singleton
public final class AwsSdkHandler implements TaskHandler {

  private static final String PREFIX = "arn:aws:states:::aws-sdk:";

  private final AwsServices services;

  @Inject
  public AwsSdkHandler(AwsServices services) {
    this.services = services;
  }

  @Override
  public List<String> serves() {
    return List.of(PREFIX + "*");
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    String called = context.target().substring(PREFIX.length());
    int colon = called.indexOf(':');
    if (colon < 0) {
      throw new TaskFailedException(
          "States.Runtime",
          "The resource '%s' of state '%s' names no action: write %sSERVICE:ACTION."
              .formatted(context.resource(), context.stateName(), PREFIX));
    }
    AwsService service = services.service(called.substring(0, colon));
    try {
      AwsAnswer answer =
          service.call(
              called.substring(colon + 1), IntegrationCall.arguments(input, context), context);
      return new AwsResult(service.names()::ofMethod).of(answer);
    } catch (SdkException e) {
      throw new AwsErrors(service.title(), null).failure(e);
    }
  }
}
