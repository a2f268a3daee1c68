package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.SilentServer;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OptimizedHandlerTest {

  private static JsonNode json(String text) throws Exception {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode call(AwsServices services, String action, String arguments)
      throws Exception {
    return new OptimizedHandler(services)
        .handle(json(arguments), Visit.of("arn:aws:states:::" + action));
  }

  private static TaskFailedException failure(
      AwsServices services, String action, String arguments) {
    return catchThrowableOfType(TaskFailedException.class, () -> call(services, action, arguments));
  }

  @Test
  void shouldSendMessagesToARealQueue() throws Exception {
    try (QueueServer server = new QueueServer();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      AwsSdkHandler sdk = new AwsSdkHandler(services);
      String queue =
          sdk.handle(
                  json("{\"QueueName\":\"orders\"}"),
                  Visit.of("arn:aws:states:::aws-sdk:sqs:createQueue"))
              .path("QueueUrl")
              .asText();

      JsonNode sent =
          call(
              services,
              "sqs:sendMessage.waitForTaskToken",
              """
              {"QueueUrl":"%s","MessageBody":{"Message":"txt","TaskToken":"t"},
               "MessageAttributes":{"a":{"DataType":"String","StringValue":"Hello"}}}
              """
                  .formatted(queue));
      JsonNode received =
          sdk.handle(
              json("{\"QueueUrl\":\"%s\",\"MessageAttributeNames\":[\"All\"]}".formatted(queue)),
              Visit.of("arn:aws:states:::aws-sdk:sqs:receiveMessage"));

      assertThat(sent.properties().stream().map(member -> member.getKey()))
          .contains(
              "MD5OfMessageBody",
              "MD5OfMessageAttributes",
              "MessageId",
              "SdkHttpMetadata",
              "SdkResponseMetadata");
      JsonNode http = sent.path("SdkHttpMetadata");
      assertThat(http.path("HttpStatusCode").asInt()).isEqualTo(200);
      assertThat(http.path("AllHttpHeaders").path("Content-Type").path(0))
          .isEqualTo(http.path("HttpHeaders").path("Content-Type"));
      assertThat(sent.path("SdkResponseMetadata").has("RequestId")).isTrue();
      JsonNode message = received.path("Messages").path(0);
      assertThat(message.path("Body").asText())
          .isEqualTo("{\"Message\":\"txt\",\"TaskToken\":\"t\"}");
      assertThat(message.path("MessageAttributes").path("a").path("StringValue").asText())
          .isEqualTo("Hello");
      assertThat(message.path("Md5OfBody").asText())
          .isEqualTo(sent.path("MD5OfMessageBody").asText());
    }
  }

  @Test
  void shouldTellErrorsOfARealQueueAsTheFormerSdkDid() throws Exception {
    try (QueueServer server = new QueueServer();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {

      TaskFailedException missing =
          failure(
              services,
              "sqs:sendMessage",
              "{\"QueueUrl\":\"%s/000000000000/no-such-queue\",\"MessageBody\":\"m\"}"
                  .formatted(server.endpoint()));

      assertThat(missing.error()).isEqualTo("SQS.QueueDoesNotExistException");
      assertThat(missing.causeText())
          .containsPattern(
              "\\(Service: AmazonSQS; Status Code: 400; Error Code: QueueDoesNotExist; Request ID:"
                  + " .*; Proxy: null\\)$");
    }
  }

  /** The names and moments of the former SDK: what follows a query by {@code .sync}. */
  @Test
  void shouldAskAthenaForAQueryAndItsResults() throws Exception {
    try (FakeAws aws = new FakeAws();
        AwsSettings _ = new AwsSettings(aws.endpoint());
        AwsServices services = new AwsServices()) {
      aws.on("GetQueryResults", "{'ResultSet':{'Rows':[{'Data':[{'VarCharValue':'1'}]}]}}")
          .on("GetQueryExecution", "{'QueryExecution':{'Status':{'SubmissionDateTime':1.7E9}}}")
          .on("StopQueryExecution", "{}");
      String query = "{\"QueryExecutionId\":\"q\"}";

      JsonNode rows = call(services, "athena:getQueryResults", query);
      JsonNode execution = call(services, "athena:getQueryExecution", query);
      call(services, "athena:stopQueryExecution", query);

      assertThat(rows.path("ResultSet"))
          .isEqualTo(json("{\"Rows\":[{\"Data\":[{\"VarCharValue\":\"1\"}]}]}"));
      assertThat(execution.path("QueryExecution").path("Status").path("SubmissionDateTime"))
          .isEqualTo(json("1700000000000"));
      assertThat(aws.asked("StopQueryExecution")).containsExactly(json(query));
    }
  }

  @Test
  void shouldTellErrorsThatAreNotListedByTheGeneralName() throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (http, request) -> {
                  http.getResponseHeaders().set("x-amzn-RequestId", "r-1");
                  HttpStub.send(
                      http,
                      400,
                      request == 1
                          ? "{\"__type\":\"x#ValidationException\",\"message\":\"1 validation error"
                              + " detected\"}"
                          : "{\"__type\":\"x#ThrottlingException\",\"message\":\"Rate exceeded\"}");
                });
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {

      TaskFailedException invalid =
          failure(services, "dynamodb:putItem", "{\"TableName\":\"t\",\"Item\":null}");
      TaskFailedException throttled =
          failure(services, "dynamodb:getItem", "{\"TableName\":\"t\"}");

      assertThat(invalid.error()).isEqualTo("DynamoDB.AmazonDynamoDBException");
      assertThat(invalid.causeText())
          .isEqualTo(
              "1 validation error detected (Service: AmazonDynamoDBv2; Status Code: 400; Error"
                  + " Code: ValidationException; Request ID: r-1; Proxy: null)");
      assertThat(throttled.error()).startsWith("DynamoDB.");
      assertThat(throttled.causeText()).contains("Error Code: ThrottlingException");
      assertThat(stub.requests()).isEqualTo(2);
    }
  }

  @Test
  void shouldGiveItemsOfDynamoDbAsTheFormerSdkDid() throws Exception {
    List<String> seen = new ArrayList<>();
    try (HttpStub stub =
            new HttpStub(
                (http, _) -> {
                  http.getResponseHeaders().set("x-amzn-RequestId", "r-1");
                  seen.add(http.getRequestHeaders().getFirst("X-Amz-Target"));
                  HttpStub.send(
                      http, 200, "{\"Item\":{\"no\":{\"NULL\":true},\"yes\":{\"BOOL\":true}}}");
                });
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {
      JsonNode got =
          call(
              services, "dynamodb:getItem", "{\"TableName\":\"t\",\"Key\":{\"id\":{\"S\":\"1\"}}}");
      for (String action : List.of("putItem", "updateItem", "deleteItem")) {
        call(services, "dynamodb:" + action, "{\"TableName\":\"t\"}");
      }

      assertThat(got.path("Item"))
          .isEqualTo(json("{\"no\":{\"NULL\":true},\"yes\":{\"BOOL\":true}}"));
      assertThat(got.path("SdkHttpMetadata").path("HttpStatusCode").asInt()).isEqualTo(200);
      assertThat(got.path("SdkResponseMetadata").path("RequestId").asText()).isEqualTo("r-1");
      assertThat(seen)
          .containsExactly(
              "DynamoDB_20120810.GetItem",
              "DynamoDB_20120810.PutItem",
              "DynamoDB_20120810.UpdateItem",
              "DynamoDB_20120810.DeleteItem");
    }
  }

  @Test
  void shouldFailWhenEventBridgeRefusesAnEvent() throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    String refused =
        "{\"Entries\":[{\"EventId\":\"e\"},{\"ErrorCode\":\"MalformedDetail\",\"ErrorMessage\":\"Detail"
            + " is malformed.\"}],\"FailedEntryCount\":1}";
    try (HttpStub stub =
            new HttpStub(
                (http, request) -> {
                  seen.add(JsonText.read(http.getRequestBody().readAllBytes()));
                  HttpStub.send(
                      http,
                      200,
                      request == 1
                          ? "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"e\"}]}"
                          : refused);
                });
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {
      String entries =
          "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":{\"Message\":1},\"Resources\":[\"r\"]}]}";

      JsonNode taken = call(services, "events:putEvents", entries);
      TaskFailedException failed = failure(services, "events:putEvents", entries);

      assertThat(JsonText.read(JsonText.write(taken)))
          .isEqualTo(json("{\"Entries\":[{\"EventId\":\"e\"}],\"FailedEntryCount\":0}"));
      JsonNode entry = seen.getFirst().path("Entries").path(0);
      assertThat(entry.path("Detail").asText()).isEqualTo("{\"Message\":1}");
      Visit visit = Visit.of("any");
      assertThat(entry.path("Resources"))
          .isEqualTo(
              json(
                  "[\"r\",\"%s\",\"%s\"]"
                      .formatted(visit.executionArn(), visit.stateMachineArn())));
      assertThat(failed.error()).isEqualTo("EventBridge.FailedEntry");
      assertThat(json(failed.causeText())).isEqualTo(json(refused));
    }
  }

  @Test
  void shouldPublishToATopic() throws Exception {
    List<String> seen = new ArrayList<>();
    try (HttpStub stub =
            new HttpStub(
                (http, request) -> {
                  seen.add(
                      new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                  if (request == 1) {
                    HttpStub.send(
                        http,
                        200,
                        "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>");
                  } else {
                    HttpStub.send(
                        http,
                        404,
                        "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic"
                            + " does not"
                            + " exist</Message></Error><RequestId>r-2</RequestId></ErrorResponse>");
                  }
                });
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {
      String arguments = "{\"TopicArn\":\"arn:t\",\"Message\":{\"Message\":\"HelloWorld!\"}}";

      JsonNode published = call(services, "sns:publish", arguments);
      TaskFailedException missing = failure(services, "sns:publish", arguments);

      assertThat(seen.getFirst()).contains("Message=%7B%22Message%22%3A%22HelloWorld%21%22%7D");
      assertThat(published.path("MessageId").asText()).isEqualTo("m");
      assertThat(published.path("SdkResponseMetadata").path("RequestId").asText()).isEqualTo("r-1");
      assertThat(missing.error()).isEqualTo("SNS.NotFoundException");
      assertThat(missing.causeText())
          .isEqualTo(
              "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound;"
                  + " Request ID: r-2; Proxy: null)");
    }
  }

  @Test
  void shouldTellThatTheServiceIsSilentOrAway() throws Exception {
    try (SilentServer server = new SilentServer();
        AwsSettings settings = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      OptimizedHandler handler = new OptimizedHandler(services);

      TaskFailedException silent =
          catchThrowableOfType(
              TaskFailedException.class,
              () ->
                  handler.handle(
                      json("{\"TopicArn\":\"arn:t\",\"Message\":\"m\"}"),
                      Visit.until(Instant.now().plusMillis(300), "arn:aws:states:::sns:publish")));
      settings.set("aws.endpointUrlSqs", URI.create("http://127.0.0.1:9").toString());
      TaskFailedException away =
          failure(services, "sqs:sendMessage", "{\"QueueUrl\":\"q\",\"MessageBody\":\"m\"}");

      assertThat(silent.error()).isEqualTo("SNS.SdkClientException");
      assertThat(silent.causeText()).contains("timeout");
      assertThat(away.error()).isEqualTo("SQS.SdkClientException");
      assertThat(away.causeText()).startsWith("Unable to execute HTTP request: ");
    }
  }
}
