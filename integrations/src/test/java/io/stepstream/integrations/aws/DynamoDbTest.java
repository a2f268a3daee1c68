package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DynamoDB's actions, in both forms, by a server that keeps tables. */
@Timeout(60)
final class DynamoDbTest {

  private static DynamoDbServer server;
  private static AwsSettings settings;
  private static AwsServices services;

  @BeforeAll
  static void start() throws Exception {
    Optional<DynamoDbServer> started = DynamoDbServer.start();
    assumeTrue(started.isPresent(), () -> "skipped: it needs " + DynamoDbServer.NEEDS);
    server = started.orElseThrow();
    settings = new AwsSettings(server.endpoint());
    services = new AwsServices();
    sdk(
        "createTable",
        "{'TableName':'orders','AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],"
            + "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST'}");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      services.close();
      settings.close();
      server.close();
    }
  }

  private static JsonNode sdk(String action, String arguments) throws Exception {
    return new AwsSdkHandler(services)
        .handle(json(arguments), Visit.of("arn:aws:states:::aws-sdk:dynamodb:" + action));
  }

  private static JsonNode optimised(String action, String arguments) throws Exception {
    return new OptimizedHandler(services)
        .handle(json(arguments), Visit.of("arn:aws:states:::dynamodb:" + action));
  }

  /** Each kind of value that an attribute may have. */
  @Test
  void shouldKeepWhatTheOneFormPutsAndTheOtherGets() throws Exception {
    JsonNode put =
        optimised(
            "putItem",
            "{'TableName':'orders','Item':{'id':{'S':'kinds'},'n':{'N':'12.50'},'yes':{'BOOL':true},"
                + "'nothing':{'NULL':true},'tags':{'SS':['b','a']},'list':{'L':[{'N':'1'},{'S':'x'}]},"
                + "'map':{'M':{'k':{'S':'v'}}},'bytes':{'B':'AQI='}}}");
    JsonNode byFormer = optimised("getItem", "{'TableName':'orders','Key':{'id':{'S':'kinds'}}}");
    JsonNode bySdk = sdk("getItem", "{'TableName':'orders','Key':{'id':{'S':'kinds'}}}");

    assertThat(put.at("/SdkHttpMetadata/HttpStatusCode").asInt()).isEqualTo(200);
    JsonNode item = byFormer.path("Item");
    assertThat(item.at("/n/N").asText()).isEqualTo("12.5");
    assertThat(item.at("/yes")).isEqualTo(json("{'BOOL':true}"));
    assertThat(item.at("/nothing")).isEqualTo(json("{'NULL':true}"));
    assertThat(item.at("/tags/SS")).hasSize(2);
    assertThat(item.at("/list")).isEqualTo(json("{'L':[{'N':'1'},{'S':'x'}]}"));
    assertThat(item.at("/map")).isEqualTo(json("{'M':{'k':{'S':'v'}}}"));
    assertThat(bySdk.at("/Item/yes")).isEqualTo(json("{'Bool':true}"));
    assertThat(bySdk.at("/Item/nothing")).isEqualTo(json("{'Nul':true}"));
    assertThat(bySdk.has("SdkHttpMetadata")).isFalse();
  }

  @Test
  void shouldUpdateAndDelete() throws Exception {
    optimised("putItem", "{'TableName':'orders','Item':{'id':{'S':'u'},'count':{'N':'1'}}}");

    JsonNode updated =
        optimised(
            "updateItem",
            "{'TableName':'orders','Key':{'id':{'S':'u'}},'UpdateExpression':'SET #c = #c + :one',"
                + "'ExpressionAttributeNames':{'#c':'count'},'ExpressionAttributeValues':{':one':{'N':'1'}},"
                + "'ReturnValues':'UPDATED_NEW'}");
    JsonNode deleted =
        optimised(
            "deleteItem", "{'TableName':'orders','Key':{'id':{'S':'u'}},'ReturnValues':'ALL_OLD'}");
    JsonNode gone = optimised("getItem", "{'TableName':'orders','Key':{'id':{'S':'u'}}}");

    assertThat(updated.path("Attributes")).isEqualTo(json("{'count':{'N':'2'}}"));
    assertThat(deleted.path("Attributes")).isEqualTo(json("{'count':{'N':'2'},'id':{'S':'u'}}"));
    assertThat(gone.has("Item")).isFalse();
  }

  @Test
  void shouldQuery() throws Exception {
    sdk("putItem", "{'TableName':'orders','Item':{'id':{'S':'q'}}}");

    JsonNode found =
        sdk(
            "query",
            "{'TableName':'orders','KeyConditionExpression':'id ="
                + " :id','ExpressionAttributeValues':{':id':{'S':'q'}}}");

    assertThat(found.path("Count").asInt()).isEqualTo(1);
    assertThat(found.path("Items")).isEqualTo(json("[{'id':{'S':'q'}}]"));
  }

  @Test
  void shouldFailWhenAConditionDoesNotHold() throws Exception {
    String once =
        "{'TableName':'orders','Item':{'id':{'S':'once'}},'ConditionExpression':'attribute_not_exists(id)'}";
    optimised("putItem", once);

    TaskFailedException byFormer =
        catchThrowableOfType(TaskFailedException.class, () -> optimised("putItem", once));
    TaskFailedException bySdk =
        catchThrowableOfType(TaskFailedException.class, () -> sdk("putItem", once));

    assertThat(byFormer.error()).isEqualTo("DynamoDB.ConditionalCheckFailedException");
    assertThat(byFormer.causeText())
        .startsWith(
            "The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error"
                + " Code: ConditionalCheckFailedException; Request ID: ");
    assertThat(bySdk.error()).isEqualTo("DynamoDb.ConditionalCheckFailedException");
    assertThat(bySdk.causeText())
        .startsWith(
            "The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: ");
  }

  @Test
  void shouldFailWhereTheRequestIsNoneOrTheTableIsNotThere() {
    TaskFailedException noKey =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> optimised("getItem", "{'TableName':'orders','Key':{'other':{'S':'x'}}}"));
    TaskFailedException noTable =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> optimised("getItem", "{'TableName':'nothing','Key':{'id':{'S':'x'}}}"));

    assertThat(noKey.error()).isEqualTo("DynamoDB.AmazonDynamoDBException");
    assertThat(noKey.causeText())
        .startsWith("The provided key element does not match the schema")
        .contains("Error Code: ValidationException");
    assertThat(noTable.error()).isEqualTo("DynamoDB.ResourceNotFoundException");
  }

  private static JsonNode json(String text) {
    try {
      return JsonText.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
