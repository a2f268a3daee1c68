package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.EncryptionConfiguration;
import software.amazon.awssdk.services.sfn.model.EncryptionType;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.IncludedData;
import software.amazon.awssdk.services.sfn.model.KmsInvalidStateException;
import software.amazon.awssdk.services.sfn.model.StateMachineType;

/** Machines that name a key, over a real Kafka: what lies in topics, stores, indexes and logs. */
final class EncryptionIT {

  private static final String ROLE = "arn:aws:iam::000000000000:role/any";
  private static final String SEALED = "canary-4711-sealed";
  private static final String PLAIN = "canary-4711-plain";

  private static final String EVERYTHING =
      """
      {"QueryLanguage":"JSONata","StartAt":"Keep","States":{
        "Keep":{"Type":"Pass","Assign":{"card":"{% $states.input.card %}"},"Next":"Each"},
        "Each":{"Type":"Map","Items":["a","b"],"ItemSelector":{"card":"{% $card %}"},"Next":"Both",
          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Wait","Seconds":1,"End":true}}}},
        "Both":{"Type":"Parallel","Next":"Charge","Branches":[
          {"StartAt":"B","States":{"B":{"Type":"Pass","Output":{"card":"{% $card %}"},"End":true}}}]},
        "Charge":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:charge",
          "Arguments":{"card":"{% $card %}"},"Next":"Token",
          "Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":1,"MaxAttempts":2}]},
        "Token":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Next":"Person",
          "Arguments":{"FunctionName":"hand-on","Payload":{"card":"{% $card %}","token":"{% $states.context.Task.Token %}"}}},
        "Person":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:person",
          "Arguments":{"card":"{% $card %}"},"Next":"Child"},
        "Child":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Next":"Spread",
          "Arguments":{"StateMachineArn":"%s","Input":{"card":"{% $card %}"}}},
        "Spread":{"Type":"Map","Label":"Spread","Items":["x","y","z"],"ItemSelector":{"card":"{% $card %}"},"Next":"Choose",
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
            "StartAt":"D","States":{"D":{"Type":"Wait","Seconds":1,"End":true}}}},
        "Choose":{"Type":"Choice","Default":"Bad","Choices":[{"Condition":"{% $count($states.input) = 3 %}","Next":"Done"}]},
        "Bad":{"Type":"Fail","Error":"NotThree","Cause":"{% $card %}"},
        "Done":{"Type":"Succeed","Output":{"card":"{% $card %}"}}}}\
      """;

  private static final String CHILD =
      """
      {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:charge",
        "Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":1,"MaxAttempts":2}],"End":true}}}\
      """;

  private static final String FAILS =
      """
      {"QueryLanguage":"JSONata","StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"F"},
        "F":{"Type":"Fail","Error":"{% $states.input.card %}","Cause":"{% $states.input.card %}"}}}\
      """;

  private static final String WAITS =
      "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private final BlockingQueue<String> handedOn = new LinkedBlockingQueue<>();

  private Path keys(String file, String id, int secret) throws IOException {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) secret;
    Path keys = directory.resolve(file);
    Files.writeString(
        keys,
        "{\"keys\":[{\"id\":\"%s\",\"versions\":[{\"version\":1,\"key\":\"%s\"}]}]}"
            .formatted(id, Base64.getEncoder().encodeToString(bytes)));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    return keys;
  }

  private StepstreamProcess dev(Path keys) throws IOException {
    return StepstreamProcess.dev(
        directory,
        directory.resolve("data"),
        Map.of(
            "STEPSTREAM_ENCRYPTION_KEYS_FILE",
            keys.toString(),
            "STEPSTREAM_API_ACTIVITY_WAIT",
            "5s",
            "QUARKUS_LOG_CATEGORY__IO_STEPSTREAM__LEVEL",
            "DEBUG"));
  }

  private static SfnClient client(URI endpoint) {
    return SfnClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .overrideConfiguration(
            c ->
                c.retryStrategy(r -> r.maxAttempts(1))
                    .putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
        .build();
  }

  /** Fails at first, with a part of its input in the cause. */
  private StepstreamWorker worker(String bootstrapServers, Path keys) {
    return StepstreamWorker.builder()
        .bootstrapServers(bootstrapServers)
        .queues("sealed")
        .payloadKeys(PayloadKeys.configured(Optional.of(keys)))
        .handler(
            TaskHandler.named(
                "charge",
                (input, context) -> {
                  if (context.retryCount() == 0) {
                    throw new TaskFailedException("Again", input.path("card").asText());
                  }
                  return input;
                }))
        .function(
            "hand-on",
            input -> {
              handedOn.add(input.path("token").asText());
              return JsonNodeFactory.instance.nullNode();
            })
        .build()
        .start();
  }

  private static final class Machines {
    private final SfnClient sfn;
    private final @Nullable EncryptionConfiguration encryption;
    private final String suffix;

    Machines(SfnClient sfn, @Nullable EncryptionConfiguration encryption, String suffix) {
      this.sfn = sfn;
      this.encryption = encryption;
      this.suffix = suffix;
    }

    String create(String name, StateMachineType type, String definition) {
      return sfn.createStateMachine(
              r ->
                  r.name(name + suffix)
                      .type(type)
                      .roleArn(ROLE)
                      .definition(definition)
                      .encryptionConfiguration(encryption))
          .stateMachineArn();
    }

    String start(String machine, String canary) {
      return sfn.startExecution(
              r -> r.stateMachineArn(machine).input("{\"card\":\"%s\"}".formatted(canary)))
          .executionArn();
    }
  }

  private static DescribeExecutionResponse ended(SfnClient sfn, String arn) {
    Awaitility.await(arn)
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                sfn.describeExecution(r -> r.executionArn(arn)).status()
                    != ExecutionStatus.RUNNING);
    return sfn.describeExecution(r -> r.executionArn(arn));
  }

  /** All kinds of states and of executions; the one that still waits. */
  private String run(SfnClient sfn, @Nullable EncryptionConfiguration key, String canary)
      throws InterruptedException {
    Machines machines = new Machines(sfn, key, key == null ? "-plain" : "");
    sfn.createActivity(r -> r.name("person"));
    String child = machines.create("child", StateMachineType.STANDARD, CHILD);
    String all =
        machines.start(
            machines.create("all", StateMachineType.STANDARD, EVERYTHING.replace("%s", child)),
            canary);
    String token = handedOn.poll(60, TimeUnit.SECONDS);
    assertThat(token).isNotNull();
    sfn.sendTaskSuccess(r -> r.taskToken(token).output("{\"card\":\"%s\"}".formatted(canary)));
    var person =
        Awaitility.await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () ->
                    sfn.getActivityTask(
                        r ->
                            r.activityArn("arn:aws:states:us-east-1:000000000000:activity:person")),
                task -> task.taskToken() != null && !task.taskToken().isEmpty());
    assertThat(person.input()).isEqualTo("{\"card\":\"%s\"}".formatted(canary));
    sfn.sendTaskSuccess(
        r -> r.taskToken(person.taskToken()).output("{\"card\":\"%s\"}".formatted(canary)));
    DescribeExecutionResponse end = ended(sfn, all);
    assertThat(end.status())
        .as("%s: %s", end.error(), end.cause())
        .isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(end.output()).isEqualTo("{\"card\":\"%s\"}".formatted(canary));
    assertThat(end.input()).isEqualTo("{\"card\":\"%s\"}".formatted(canary));
    List<HistoryEvent> events = sfn.getExecutionHistory(r -> r.executionArn(all)).events();
    assertThat(events.getFirst().executionStartedEventDetails().input())
        .isEqualTo("{\"card\":\"%s\"}".formatted(canary));
    assertThat(events.get(2).stateExitedEventDetails().assignedVariables())
        .containsEntry("card", '"' + canary + '"');
    assertThat(causes(events)).containsOnly(canary);
    assertThat(
            causes(
                sfn.getExecutionHistory(r -> r.executionArn(all).includeExecutionData(false))
                    .events()))
        .as("causes in a history without payloads")
        .containsOnly(key == null ? canary : null);

    String failed =
        machines.start(machines.create("fails", StateMachineType.STANDARD, FAILS), canary);
    assertThat(ended(sfn, failed).cause()).isEqualTo(canary);
    String express = machines.create("express", StateMachineType.EXPRESS, CHILD);
    assertThat(
            sfn.startSyncExecution(
                    r -> r.stateMachineArn(express).input("{\"card\":\"%s\"}".formatted(canary)))
                .output())
        .isEqualTo("{\"card\":\"%s\"}".formatted(canary));
    String waiting = machines.create("waits", StateMachineType.STANDARD, WAITS);
    String stopped = machines.start(waiting, canary);
    sfn.stopExecution(r -> r.executionArn(stopped).error("Stopped").cause(canary));
    assertThat(ended(sfn, stopped).cause()).isEqualTo(canary);
    return machines.start(waiting, canary);
  }

  private static List<String> causes(List<HistoryEvent> events) {
    return events.stream()
        .filter(event -> event.type() == HistoryEventType.LAMBDA_FUNCTION_FAILED)
        .map(event -> event.lambdaFunctionFailedEventDetails().cause())
        .collect(Collectors.toList()); // null where it was left out
  }

  private static Set<String> topicsWith(String bootstrapServers, String canary) {
    return CommittedRecords.everything(bootstrapServers).stream()
        .filter(record -> has(record, canary))
        .map(ConsumerRecord::topic)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean has(ConsumerRecord<byte[], byte[]> record, String canary) {
    return has(record.key(), canary)
        || has(record.value(), canary)
        || Stream.of(record.headers().toArray()).anyMatch(header -> has(header.value(), canary));
  }

  private static boolean has(byte @Nullable [] bytes, String canary) {
    return bytes != null && new String(bytes, ISO_8859_1).contains(canary);
  }

  private Set<String> filesWith(String canary) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                try {
                  return has(Files.readAllBytes(file), canary);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .map(file -> directory.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static long found(URI endpoint, String query) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      JsonNode answer =
          JSON.readTree(
              http.send(
                      HttpRequest.newBuilder(
                              endpoint.resolve(
                                  "/api/executions?q=" + URLEncoder.encode(query, UTF_8)))
                          .build(),
                      HttpResponse.BodyHandlers.ofByteArray())
                  .body());
      assertThat(answer.has("total")).as(answer.toString()).isTrue();
      return answer.path("total").asLong();
    }
  }

  @Test
  void shouldHaveNoPayloadInTheClearAnywhereAtRest() throws Exception {
    Path keys = keys("keys.json", "orders", 1);
    EncryptionConfiguration key =
        EncryptionConfiguration.builder()
            .type(EncryptionType.CUSTOMER_MANAGED_KMS_KEY)
            .kmsKeyId("orders")
            .build();
    String waiting;
    String log;
    try (StepstreamProcess dev = dev(keys);
        StepstreamWorker worker = worker(dev.bootstrapServers(), keys);
        SfnClient sfn = client(dev.endpoint())) {
      Awaitility.await("worker").atMost(Duration.ofMinutes(3)).until(worker::isReady);
      waiting = run(sfn, key, SEALED);
      run(sfn, null, PLAIN);

      assertThat(topicsWith(dev.bootstrapServers(), SEALED)).isEmpty();
      assertThat(topicsWith(dev.bootstrapServers(), PLAIN))
          .as("the search finds what is in the clear")
          .contains(
              LaneTopics.of(Lane.STANDARD).inbox(),
              LaneTopics.of(Lane.STANDARD).history(),
              LaneTopics.of(Lane.EXPRESS).inbox(),
              LaneTopics.of(Lane.EXPRESS).history(),
              Topics.COMPLETIONS,
              Topics.tasks("sealed"))
          .anyMatch(topic -> topic.endsWith("-executions-changelog"));
      Awaitility.await("index")
          .atMost(Duration.ofMinutes(3))
          .until(() -> found(dev.endpoint(), "input.card:\"" + PLAIN + "\"") > 0);
      assertThat(found(dev.endpoint(), "input.card:\"" + SEALED + "\"")).isZero();
      assertThat(found(dev.endpoint(), "\"" + SEALED + "\"")).isZero();
      assertThat(found(dev.endpoint(), "machine:all")).as("found by its names").isEqualTo(1);
      log = dev.err() + dev.out();
    }
    assertThat(log).doesNotContain(SEALED);
    assertThat(filesWith(SEALED)).isEmpty();
    assertThat(filesWith(PLAIN))
        .as("where payloads lie")
        .anyMatch(file -> file.contains("rocksdb"))
        .anyMatch(file -> file.endsWith(".log"));

    try (StepstreamProcess dev = dev(keys("others.json", "others", 1));
        SfnClient sfn = client(dev.endpoint())) {
      assertThatThrownBy(() -> sfn.describeExecution(r -> r.executionArn(waiting)))
          .isInstanceOf(KmsInvalidStateException.class)
          .hasMessageContaining("The key 'orders' is not available");
      assertThatThrownBy(() -> sfn.stopExecution(r -> r.executionArn(waiting).cause("c")))
          .isInstanceOf(KmsInvalidStateException.class);
      assertThat(
              sfn.describeExecution(
                      r -> r.executionArn(waiting).includedData(IncludedData.METADATA_ONLY))
                  .status())
          .isEqualTo(ExecutionStatus.RUNNING);
    }
    try (StepstreamProcess dev = dev(keys);
        SfnClient sfn = client(dev.endpoint())) {
      assertThat(sfn.describeExecution(r -> r.executionArn(waiting)).input()).contains(SEALED);
      sfn.stopExecution(r -> r.executionArn(waiting).cause(SEALED));
      assertThat(ended(sfn, waiting).cause()).isEqualTo(SEALED);
    }
  }
}
