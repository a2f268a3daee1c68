package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Serves what AWS Step Functions calls optimised integrations with SQS, SNS, EventBridge and
 * DynamoDB: the same actions as {@link AwsSdkHandler}'s, with the results and errors of AWS's SDK
 * of that time.
 */
@Singleton
public final class OptimizedHandler implements TaskHandler {

  private static final String PREFIX = "arn:aws:states:::";

  /** The arguments that the service gets. */
  interface Arguments {
    ObjectNode of(JsonNode input, TaskContext context);
  }

  /**
   * @param resource what is served, as {@link TaskHandler#serves} has it
   * @param result from the service's answer; fails the task where AWS does
   */
  record Integration(
      String resource,
      String service,
      String action,
      AwsErrors errors,
      Arguments arguments,
      Function<AwsAnswer, JsonNode> result) {}

  private static final AwsErrors DYNAMO_DB =
      AwsErrors.former("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2");
  private static final AwsErrors SQS = AwsErrors.former("SQS", "AmazonSQSException", "AmazonSQS");
  private static final AwsErrors SNS = AwsErrors.former("SNS", "AmazonSNSException", "AmazonSNS");

  private static final List<Integration> ALWAYS =
      List.of(
          plain("athena:getQueryExecution", "athena", JobTable.ATHENA),
          plain("athena:getQueryResults", "athena", JobTable.ATHENA),
          plain("athena:stopQueryExecution", "athena", JobTable.ATHENA),
          plain("sqs:sendMessage", "sqs", SQS),
          plain("sns:publish", "sns", SNS),
          plain("dynamodb:getItem", "dynamodb", DYNAMO_DB),
          plain("dynamodb:putItem", "dynamodb", DYNAMO_DB),
          plain("dynamodb:updateItem", "dynamodb", DYNAMO_DB),
          plain("dynamodb:deleteItem", "dynamodb", DYNAMO_DB),
          new Integration(
              PREFIX + "events:putEvents",
              "eventbridge",
              "putEvents",
              PutEvents.ERRORS,
              PutEvents::arguments,
              PutEvents::result));

  private static final Integration FUNCTION =
      new Integration(
          "arn:aws:lambda:*", "lambda", "invoke", Lambda.ERRORS, Lambda::arguments, Lambda::result);

  private static final List<Integration> LAMBDA =
      List.of(
          new Integration(
              PREFIX + "lambda:invoke",
              "lambda",
              "invoke",
              Lambda.ERRORS,
              IntegrationCall::arguments,
              Lambda::envelope),
          FUNCTION);

  private static Integration plain(String resource, String service, AwsErrors errors) {
    return new Integration(
        PREFIX + resource,
        service,
        resource.substring(resource.indexOf(':') + 1),
        errors,
        IntegrationCall::arguments,
        FormerResult::withMetadata);
  }

  private final AwsServices services;
  private final Map<String, Integration> integrations;

  @Inject
  public OptimizedHandler(AwsServices services) {
    this.services = services;
    this.integrations =
        Stream.concat(ALWAYS.stream(), Lambda.isReachable() ? LAMBDA.stream() : Stream.of())
            .collect(Collectors.toUnmodifiableMap(Integration::resource, each -> each));
  }

  @Override
  public List<String> serves() {
    return List.copyOf(integrations.keySet());
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    Integration called = integrations.getOrDefault(context.target(), FUNCTION);
    ObjectNode arguments = called.arguments().of(input, context);
    try {
      AwsAnswer answer =
          services.service(called.service()).call(called.action(), arguments, context);
      return called.result().apply(answer);
    } catch (SdkException e) {
      throw called.errors().failure(e);
    }
  }
}
