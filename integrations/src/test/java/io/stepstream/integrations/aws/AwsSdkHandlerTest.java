package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.SilentServer;
import io.stepstream.integrations.Visit;
import io.stepstream.integrations.s3.S3Server;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class AwsSdkHandlerTest {

  /** Where nobody listens: the discard port, which an unprivileged process can't take. */
  private static final URI NOBODY = URI.create("http://127.0.0.1:9");

  private static JsonNode call(AwsServices services, String action, String arguments)
      throws Exception {
    return call(services, arguments, Visit.of("arn:aws:states:::aws-sdk:" + action));
  }

  private static JsonNode call(AwsServices services, String arguments, TaskContext context)
      throws Exception {
    return new AwsSdkHandler(services)
        .handle(JsonText.read(arguments.getBytes(StandardCharsets.UTF_8)), context);
  }

  private static TaskFailedException failure(
      AwsServices services, String action, String arguments) {
    return catchThrowableOfType(TaskFailedException.class, () -> call(services, action, arguments));
  }

  @Test
  void shouldReadAndWriteObjectsOfARealS3Server() throws Exception {
    try (S3Server server = new S3Server();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      call(services, "s3:createBucket", "{\"Bucket\":\"bucket\"}");

      JsonNode put =
          call(
              services,
              "s3:putObject",
              "{\"Bucket\":\"bucket\",\"Key\":\"list\",\"Body\":[\"List\","
                  + " \"Data\"],\"Metadata\":{\"by\":\"us\"}}");
      call(services, "s3:putObject", "{\"Bucket\":\"bucket\",\"Key\":\"empty\"}");
      JsonNode got = call(services, "s3:getObject", "{\"Bucket\":\"bucket\",\"Key\":\"list\"}");
      JsonNode empty = call(services, "s3:getObject", "{\"Bucket\":\"bucket\",\"Key\":\"empty\"}");
      JsonNode listed = call(services, "s3:listObjectsV2", "{\"Bucket\":\"bucket\"}");

      assertThat(put.path("ETag").asText()).isEqualTo("\"6b23860357f6e63a0272b7f1143a663a\"");
      assertThat(got.path("Body").asText()).isEqualTo("[\"List\",\"Data\"]");
      assertThat(got.path("ContentLength").isIntegralNumber()).isTrue();
      assertThat(got.path("Metadata").path("by").asText()).isEqualTo("us");
      assertThat(Instant.parse(got.path("LastModified").asText())).isBefore(Instant.now());
      assertThat(empty.path("Body").asText("absent")).isEmpty();
      assertThat(listed.path("KeyCount").asInt()).isEqualTo(2);
      assertThat(listed.path("Contents").findValuesAsText("Key")).containsExactly("empty", "list");
      TaskFailedException missing =
          failure(services, "s3:listObjects", "{\"Bucket\":\"no-such-bucket\"}");
      assertThat(missing.error()).isEqualTo("S3.NoSuchBucketException");
      assertThat(missing.causeText())
          .startsWith("The specified bucket does not exist (Service: S3, Status Code: 404,");
    }
  }

  @Test
  void shouldStopReadingWhereATaskMayHaveNoMore() throws Exception {
    try (S3Server server = new S3Server();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      server.bucket("bucket");
      server.put("bucket", "large", "x".repeat(3_000_000));

      JsonNode got = call(services, "s3:getObject", "{\"Bucket\":\"bucket\",\"Key\":\"large\"}");

      assertThat(got.path("Body").asText()).hasSize(262_145);
    }
  }

  @Test
  void shouldNameErrorsAfterTheExceptionsOfTheSdk() throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (http, request) ->
                    HttpStub.send(
                        http,
                        400,
                        switch (request) {
                          case 1 ->
                              "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":\"Requested"
                                  + " resource not found\"}";
                          case 2 ->
                              "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"1"
                                  + " validation error\"}";
                          default ->
                              "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"message\":\"slower\"}";
                        }));
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {

      TaskFailedException listed = failure(services, "dynamodb:scan", "{\"TableName\":\"t\"}");
      TaskFailedException unlisted = failure(services, "dynamodb:scan", "{\"TableName\":\"t\"}");
      TaskFailedException throttled = failure(services, "dynamodb:scan", "{\"TableName\":\"t\"}");

      assertThat(listed.error()).isEqualTo("DynamoDb.ResourceNotFoundException");
      assertThat(listed.causeText())
          .startsWith("Requested resource not found (Service: DynamoDb, Status Code: 400,");
      assertThat(unlisted.error()).isEqualTo("DynamoDb.DynamoDbException");
      assertThat(throttled.error()).isEqualTo("DynamoDb.ProvisionedThroughputExceededException");
      // Trying again is for the state's Retry.
      assertThat(stub.requests()).isEqualTo(3);
    }
  }

  @Test
  void shouldTellThatAServiceCannotBeReached() throws Exception {
    try (AwsSettings _ = new AwsSettings(NOBODY);
        AwsServices services = new AwsServices()) {

      TaskFailedException refused = failure(services, "sqs:listQueues", "{}");

      assertThat(refused.error()).isEqualTo("Sqs.SdkClientException");
      assertThat(refused.causeText()).contains("127.0.0.1:9");
    }
  }

  @Test
  void shouldTellThatARegionIsMissing() throws Exception {
    try (AwsSettings settings = new AwsSettings(NOBODY);
        AwsServices services = new AwsServices()) {
      settings.unset("aws.endpointUrl");
      settings.unset("aws.region");
      settings.set("aws.profile", "no-such-profile");

      TaskFailedException missing = failure(services, "sqs:listQueues", "{}");

      assertThat(missing.error()).isEqualTo("Sqs.SdkClientException");
      assertThat(missing.causeText()).contains("region");
    }
  }

  @Test
  void shouldGiveUpAtTheDeadlineOfTheTask() throws Exception {
    try (SilentServer server = new SilentServer();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      Visit visit =
          Visit.until(
              Instant.now().plus(Duration.ofMillis(300)),
              "arn:aws:states:::aws-sdk:sqs:listQueues");

      assertThatThrownBy(() -> call(services, "{}", visit))
          .isInstanceOf(TaskFailedException.class)
          .hasMessageStartingWith("Sqs.SdkClientException: ")
          .hasMessageContaining("timeout");
    }
  }

  @Test
  void shouldStopWhenTheWorkerInterruptsIt() throws Exception {
    try (SilentServer server = new SilentServer();
        AwsSettings _ = new AwsSettings(server.endpoint());
        AwsServices services = new AwsServices()) {
      server.assertThatAnInterruptEnds(() -> call(services, "sqs:listQueues", "{}"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "athena,Athena",
    "batch,Batch",
    "cloudwatch,CloudWatch",
    "dynamodb,DynamoDb",
    "ecs,Ecs",
    "eks,Eks",
    "emr,Emr",
    "eventbridge,EventBridge",
    "firehose,Firehose",
    "glue,Glue",
    "kinesis,Kinesis",
    "kms,Kms",
    "lambda,Lambda",
    "s3,S3",
    "scheduler,Scheduler",
    "secretsmanager,SecretsManager",
    "sfn,Sfn",
    "sns,Sns",
    "sqs,Sqs",
    "ssm,Ssm"
  })
  void shouldFindEveryModuleThatAWorkerHas(String name, String title) {
    try (AwsServices services = new AwsServices()) {
      assertThat(services.service(name).title()).isEqualTo(title);
    }
  }

  @Test
  void shouldSayWhatIsWrongWithACall() throws Exception {
    try (AwsSettings _ = new AwsSettings(NOBODY);
        AwsServices services = new AwsServices()) {

      assertThatThrownBy(() -> call(services, "polly:listLexicons", "{}"))
          .hasMessageMatching(
              "States.Runtime: This worker has no client of the AWS service 'polly'. If AWS's SDK"
                  + " for Java has one, add software.amazon.awssdk:polly:2[.0-9]+ to the worker's"
                  + " class path.");
      assertThatThrownBy(() -> call(services, "../s3:listBuckets", "{}"))
          .hasMessageContaining("no client of the AWS service '../s3'");
      assertThatThrownBy(() -> call(services, "sqs", "{}"))
          .hasMessageContaining("names no action: write arn:aws:states:::aws-sdk:SERVICE:ACTION.");
      assertThatThrownBy(() -> call(services, "sqs:SendMessage", "{}"))
          .hasMessageContaining("'sqs' has no action 'SendMessage'. Write 'sendMessage'.");
      assertThatThrownBy(() -> call(services, "sqs:listQueuesPaginator", "{}"))
          .hasMessageContaining("Actions are written as the methods of SqsClient");
      assertThatThrownBy(() -> call(services, "sqs:sendMessage", "[]"))
          .hasMessageContaining("are not a JSON object");
      assertThatThrownBy(
              () -> call(services, "eventbridge:putEvents", "{\"Entries\":[{},{\"Detial\":1}]}"))
          .hasMessageContaining(
              "The field 'Entries[1].Detial' is not supported by eventbridge:putEvents, which takes"
                  + " Detail, DetailType,");
      assertThatThrownBy(() -> call(services, "sqs:sendMessage", "{\"DelaySeconds\":1.5}"))
          .hasMessageContaining(
              "'DelaySeconds' of sqs:sendMessage must be a whole number in the range of its type,"
                  + " but is the number 1.5.");
      assertThatThrownBy(() -> call(services, "sqs:sendMessage", "{\"DelaySeconds\":\"1\"}"))
          .hasMessageContaining("but is a text.");
      assertThatThrownBy(() -> call(services, "s3:createBucket", "{\"Bucket\":\"b\"}"))
          .hasMessageStartingWith("S3.SdkClientException: Bucket name should be between 3 and 63");
      assertThatThrownBy(() -> call(services, "sqs:listQueues", "{\"MaxResults\":4294967296}"))
          .hasMessageContaining("but is the number 4294967296.");
      assertThatThrownBy(() -> call(services, "dynamodb:putItem", "{\"Item\":{\"a\":null}}"))
          .hasMessageContaining(
              "The field 'Item.a' of dynamodb:putItem must be an object, but is null.");
      assertThatThrownBy(
              () -> call(services, "eventbridge:putEvents", "{\"Entries\":[{\"Time\":\"noon\"}]}"))
          .hasMessageContaining(
              "'Entries[0].Time' of eventbridge:putEvents must be a moment such as");
    }
  }
}
