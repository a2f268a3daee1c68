package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Actions of many services against their documented wire protocols: JSON 1.0 and 1.1, REST with
 * JSON, Query with XML. That no service has code of its own is shown by how many are here.
 */
final class WireExchangesTest {

  /**
   * @param target the header that names the action, or null
   * @param sent the request's body: a JSON object, or parts of a form joined by spaces
   */
  record Exchange(
      String resource,
      String arguments,
      String line,
      @Nullable String target,
      String sent,
      String answered,
      String result) {

    @Override
    public String toString() {
      return resource;
    }
  }

  /** What makes a request repeatable is the same whenever the attempt is carried out. */
  private static final String TOKEN =
      UUID.nameUUIDFromBytes(Visit.of("any").idempotencyKey().getBytes(StandardCharsets.UTF_8))
          .toString();

  static Stream<Exchange> exchanges() {
    return Stream.of(
        new Exchange(
            "dynamodb:query",
            """
            {"TableName":"orders","KeyConditionExpression":"id = :id","Limit":2,"ScanIndexForward":true,
             "ExpressionAttributeValues":{":id":{"M":{"l":{"L":[{"N":"1"},{"Bool":true},{"NULL":true},
               {"SS":["a","b"]},{"B":"bytes"}]}}}}}
            """,
            "POST /",
            "DynamoDB_20120810.Query",
            """
            {"TableName":"orders","KeyConditionExpression":"id = :id","Limit":2,"ScanIndexForward":true,
             "ExpressionAttributeValues":{":id":{"M":{"l":{"L":[{"N":"1"},{"BOOL":true},{"NULL":true},
               {"SS":["a","b"]},{"B":"Ynl0ZXM="}]}}}}}
            """,
            """
            {"Count":1,"ScannedCount":1,"Items":[{"ok":{"BOOL":true},"no":{"NULL":true},"set":{"SS":["x"]},
              "b":{"B":"dGV4dA=="},"raw":{"B":"/wA="},"map":{"M":{}}}]}
            """,
            """
            {"Count":1,"Items":[{"ok":{"Bool":true},"no":{"Nul":true},"set":{"Ss":["x"]},
              "b":{"B":"text"},"raw":{"B":"/wA="},"map":{"M":{}}}],"ScannedCount":1}
            """),
        new Exchange(
            "secretsmanager:listSecrets",
            "{}",
            "POST /",
            "secretsmanager.ListSecrets",
            "{}",
            """
            {"SecretList":[{"Name":"s","CreatedDate":1.7E9,"LastChangedDate":1700000000.25}]}
            """,
            """
            {"SecretList":[{"CreatedDate":"2023-11-14T22:13:20Z","LastChangedDate":"2023-11-14T22:13:20.250Z",
              "Name":"s"}]}
            """),
        new Exchange(
            "kinesis:putRecord",
            "{\"StreamName\":\"s\",\"PartitionKey\":\"p\",\"Data\":{\"a\":1}}",
            "POST /",
            "Kinesis_20131202.PutRecord",
            "{\"StreamName\":\"s\",\"PartitionKey\":\"p\",\"Data\":\"eyJhIjoxfQ==\"}",
            "{\"ShardId\":\"shard-0\",\"SequenceNumber\":\"49\"}",
            "{\"SequenceNumber\":\"49\",\"ShardId\":\"shard-0\"}"),
        new Exchange(
            "firehose:putRecord",
            "{\"DeliveryStreamName\":\"d\",\"Record\":{\"Data\":\"grüß\"}}",
            "POST /",
            "Firehose_20150804.PutRecord",
            "{\"DeliveryStreamName\":\"d\",\"Record\":{\"Data\":\"Z3LDvMOf\"}}",
            "{\"RecordId\":\"r\",\"Encrypted\":false}",
            "{\"Encrypted\":false,\"RecordId\":\"r\"}"),
        new Exchange(
            "ssm:getParameter",
            "{\"Name\":\"/a\",\"WithDecryption\":true}",
            "POST /",
            "AmazonSSM.GetParameter",
            "{\"Name\":\"/a\",\"WithDecryption\":true}",
            "{\"Parameter\":{\"Name\":\"/a\",\"Value\":\"v\",\"Version\":3,\"ARN\":\"arn:x\"}}",
            "{\"Parameter\":{\"Arn\":\"arn:x\",\"Name\":\"/a\",\"Value\":\"v\",\"Version\":3}}"),
        new Exchange(
            "sfn:startExecution",
            "{\"StateMachineArn\":\"arn:m\",\"Input\":{\"key\":\"value\"},\"Name\":null}",
            "POST /",
            "AWSStepFunctions.StartExecution",
            "{\"stateMachineArn\":\"arn:m\",\"input\":\"{\\\"key\\\":\\\"value\\\"}\"}",
            "{\"executionArn\":\"arn:e\",\"startDate\":1700000000}",
            "{\"ExecutionArn\":\"arn:e\",\"StartDate\":\"2023-11-14T22:13:20Z\"}"),
        new Exchange(
            "athena:startQueryExecution",
            "{\"QueryString\":\"SELECT"
                + " 1\",\"ResultConfiguration\":{\"OutputLocation\":\"s3://b/\"}}",
            "POST /",
            "AmazonAthena.StartQueryExecution",
            """
            {"QueryString":"SELECT 1","ResultConfiguration":{"OutputLocation":"s3://b/"},"ClientRequestToken":"TOKEN"}
            """,
            "{\"QueryExecutionId\":\"q\"}",
            "{\"QueryExecutionId\":\"q\"}"),
        new Exchange(
            "glue:startJobRun",
            "{\"JobName\":\"j\",\"Arguments\":{\"--day\":\"1\"},\"MaxCapacity\":0.5}",
            "POST /",
            "AWSGlue.StartJobRun",
            "{\"JobName\":\"j\",\"Arguments\":{\"--day\":\"1\"},\"MaxCapacity\":0.5}",
            "{\"JobRunId\":\"jr\"}",
            "{\"JobRunId\":\"jr\"}"),
        new Exchange(
            "ecs:describeTasks",
            "{\"Cluster\":\"c\",\"Tasks\":[\"t\"]}",
            "POST /",
            "AmazonEC2ContainerServiceV20141113.DescribeTasks",
            "{\"cluster\":\"c\",\"tasks\":[\"t\"]}",
            "{\"tasks\":[{\"taskArn\":\"t\",\"createdAt\":1700000000,\"containers\":[]}],\"failures\":[]}",
            """
            {"Failures":[],"Tasks":[{"Containers":[],"CreatedAt":"2023-11-14T22:13:20Z","TaskArn":"t"}]}
            """),
        new Exchange(
            "eventbridge:putEvents",
            "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":{\"a\":1},\"Time\":\"2023-11-14T22:13:20Z\"}]}",
            "POST /",
            "AWSEvents.PutEvents",
            "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":\"{\\\"a\\\":1}\",\"Time\":1700000000.000}]}",
            "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"e\"}]}",
            "{\"Entries\":[{\"EventId\":\"e\"}],\"FailedEntryCount\":0}"),
        new Exchange(
            "emr:describeCluster",
            "{\"ClusterId\":\"j-1\"}",
            "POST /",
            "ElasticMapReduce.DescribeCluster",
            "{\"ClusterId\":\"j-1\"}",
            "{\"Cluster\":{\"Id\":\"j-1\",\"NormalizedInstanceHours\":2}}",
            "{\"Cluster\":{\"Id\":\"j-1\",\"NormalizedInstanceHours\":2}}"),
        new Exchange(
            "kms:encrypt",
            "{\"KeyId\":\"k\",\"Plaintext\":\"secret\"}",
            "POST /",
            "TrentService.Encrypt",
            "{\"KeyId\":\"k\",\"Plaintext\":\"c2VjcmV0\"}",
            "{\"KeyId\":\"k\",\"CiphertextBlob\":\"//4=\"}",
            "{\"CiphertextBlob\":\"//4=\",\"KeyId\":\"k\"}"),
        new Exchange(
            "batch:submitJob",
            "{\"JobName\":\"j\",\"JobQueue\":\"q\",\"JobDefinition\":\"d\",\"RetryStrategy\":{\"Attempts\":2}}",
            "POST /v1/submitjob",
            null,
            """
            {"jobName":"j","jobQueue":"q","jobDefinition":"d","retryStrategy":{"attempts":2}}
            """,
            "{\"jobId\":\"1\",\"jobName\":\"j\",\"jobArn\":\"a\"}",
            "{\"JobArn\":\"a\",\"JobId\":\"1\",\"JobName\":\"j\"}"),
        new Exchange(
            "eks:describeCluster",
            "{\"Name\":\"c\"}",
            "GET /clusters/c",
            null,
            "",
            "{\"cluster\":{\"name\":\"c\",\"createdAt\":1700000000}}",
            "{\"Cluster\":{\"CreatedAt\":\"2023-11-14T22:13:20Z\",\"Name\":\"c\"}}"),
        new Exchange(
            "scheduler:getSchedule",
            "{\"Name\":\"n\",\"GroupName\":\"g\"}",
            "GET /schedules/n?groupName=g",
            null,
            "",
            "{\"Name\":\"n\",\"State\":\"ENABLED\"}",
            "{\"Name\":\"n\",\"State\":\"ENABLED\"}"),
        new Exchange(
            "lambda:invoke",
            "{\"FunctionName\":\"f\",\"Payload\":{\"a\":1},\"Qualifier\":\"live\"}",
            "POST /2015-03-31/functions/f/invocations?Qualifier=live",
            null,
            "{\"a\":1}",
            "{\"b\":2}",
            "{\"Payload\":\"{\\\"b\\\":2}\",\"StatusCode\":200}"),
        new Exchange(
            "sns:publish",
            "{\"TopicArn\":\"arn:t\",\"Message\":{\"a\":1}}",
            "POST /",
            null,
            "Action=Publish TopicArn=arn%3At Message=%7B%22a%22%3A1%7D",
            "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>",
            "{\"MessageId\":\"m\"}"));
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void shouldSpeakTheProtocolOfTheService(Exchange exchange) throws Exception {
    List<String> seen = new ArrayList<>();
    try (HttpStub stub =
            new HttpStub(
                (http, _) -> {
                  seen.add(http.getRequestMethod() + " " + http.getRequestURI());
                  seen.add(http.getRequestHeaders().getFirst("X-Amz-Target"));
                  seen.add(
                      new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                  HttpStub.send(http, 200, exchange.answered());
                });
        AwsSettings _ = new AwsSettings(stub.endpoint());
        AwsServices services = new AwsServices()) {

      JsonNode result =
          new AwsSdkHandler(services)
              .handle(
                  json(exchange.arguments()),
                  Visit.of("arn:aws:states:::aws-sdk:" + exchange.resource()));

      assertThat(JsonText.read(JsonText.write(result))).isEqualTo(json(exchange.result()));
      assertThat(seen.get(0)).isEqualTo(exchange.line());
      assertThat(seen.get(1)).isEqualTo(exchange.target());
      assertSent(seen.get(2), exchange.sent());
    }
  }

  private static void assertSent(String sent, String expected) throws IOException {
    if (!expected.strip().startsWith("{")) {
      assertThat(sent.split("&"))
          .contains(expected.isEmpty() ? new String[] {""} : expected.split(" "));
      return;
    }
    assertThat(json(sent)).isEqualTo(json(expected.replace("TOKEN", TOKEN)));
  }

  private static JsonNode json(String text) throws IOException {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
