package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.aws.AwsServices;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.core.exception.SdkException;

/** Serves {@code apigateway:invoke}: calls an API of API Gateway, signed if the state wants it. */
@Singleton
public final class ApiGatewayHandler implements TaskHandler, AutoCloseable {

  private static final String INVOKE = "arn:aws:states:::" + ApiGatewayCall.RESOURCE;

  private static final String ERRORS = "ApiGateway.";

  /** There was no answer, as of other services of AWS. */
  private static final String NO_ANSWER = ERRORS + "SdkClientException";

  private static final int CLIENT_ERROR = 400;

  private final HttpSettings settings;
  private final AwsServices aws;

  private final LateClient client;

  @Inject
  public ApiGatewayHandler(Config config, AwsServices aws) {
    this(HttpSettings.of(config), aws);
  }

  ApiGatewayHandler(HttpSettings settings, AwsServices aws) {
    this.settings = settings;
    this.client = new LateClient(settings);
    this.aws = aws;
  }

  @Override
  public List<String> serves() {
    return List.of(INVOKE);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    HttpAnswer answer = answer(ApiGatewayCall.of(input), context);
    if (answer.status() >= CLIENT_ERROR) {
      throw new TaskFailedException(
          ERRORS + answer.status(), answer.body().isEmpty() ? answer.reason() : answer.body());
    }
    return answer.told(ApiGatewayCall.RESOURCE);
  }

  private HttpAnswer answer(ApiGatewayCall asked, TaskContext context) throws InterruptedException {
    try {
      HttpCall call =
          asked.signed()
              ? SignedCall.of(asked.call(), aws.credentials(context), asked.region())
              : asked.call();
      return client.get().send(call, null, settings.timeout());
    } catch (AddressGuard.Refused e) {
      throw new TaskFailedException("States.Permissions", e.getMessage());
    } catch (SdkException e) {
      throw new TaskFailedException(NO_ANSWER, e.getMessage());
    } catch (IOException e) {
      throw new TaskFailedException(
          NO_ANSWER,
          "%s: %s".formatted(e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
    }
  }

  @Override
  @PreDestroy
  public void close() {
    client.close();
  }
}
