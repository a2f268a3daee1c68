package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a service, by {@code .sync}, over a SIGKILL of all that Stepstream consists of. */
final class JobsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String MACHINE =
      """
      {"StartAt":"J","States":{"J":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","End":true,%s
       "Parameters":{"JobName.$":"$.job","JobQueue":"q","JobDefinition":"d"}}}}\
      """;

  @Test
  void shouldWaitForJobsOverARestartAndStopThem(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    try (BatchServer batch = new BatchServer()) {
      String good;
      String stopped;
      try (StepstreamProcess first = StepstreamProcess.dev(directory, data, batch.environment());
          StepFunctionsClient client = new StepFunctionsClient(first.endpoint())) {
        String machine = machine(client, "jobs", "");
        String lent =
            machine(
                client,
                "lent",
                "\"Credentials\":{\"RoleArn.$\":\"States.Format('arn:aws:iam::2:role/{}',"
                    + " $.job)\"},");
        good = start(client, machine, "good");
        stopped = start(client, lent, "stopped");
        String bad = start(client, machine, "bad");

        // a job that fails, after a look that was throttled
        batch.ends("bad", "FAILED");
        JsonNode failed = awaitEnd(client, bad);
        assertThat(failed.path("error").asText()).isEqualTo("States.TaskFailed");
        assertThat(JSON.readTree(failed.path("cause").asText()))
            .isEqualTo(JSON.readTree("{\"JobId\":\"bad-1\",\"Status\":\"FAILED\"}"));
        assertThat(batch.looks("bad")).isGreaterThan(1);

        // jobs that run while everything is killed
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> batch.looks("good") > 1 && batch.looks("stopped") > 1);
        first.kill();
      }

      batch.ends("good", "SUCCEEDED");
      int before = batch.looks("good");
      try (StepstreamProcess second = StepstreamProcess.dev(directory, data, batch.environment());
          StepFunctionsClient client = new StepFunctionsClient(second.endpoint())) {

        // one is found again, and was never submitted again
        JsonNode succeeded = awaitEnd(client, good);
        assertThat(succeeded.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(JSON.readTree(succeeded.path("output").asText()))
            .isEqualTo(JSON.readTree("{\"JobId\":\"good-1\",\"Status\":\"SUCCEEDED\"}"));
        assertThat(batch.looks("good")).isGreaterThan(before);
        assertThat(events(client, good))
            .containsExactly(
                "ExecutionStarted",
                "TaskStateEntered",
                "TaskScheduled",
                "TaskStarted",
                "TaskSubmitted",
                "TaskSucceeded",
                "TaskStateExited",
                "ExecutionSucceeded");

        // the other one ends with its execution
        client.call("StopExecution", StepFunctionsClient.request().put("executionArn", stopped));
        Awaitility.await().atMost(PATIENCE).until(() -> !batch.terminated.isEmpty());
        assertThat(batch.terminated).containsExactly("stopped-1");

        // a role is assumed for all that concerns a job, also by those who were told of it only
        assertThat(batch.keys("good")).containsExactly("any");
        assertThat(batch.keys("stopped")).containsExactly("ASIAOFTHEROLE");
        assertThat(roles(client, stopped)).containsExactly("arn:aws:iam::2:role/stopped");
        assertThat(secrets(second.bootstrapServers(), second.out(), second.err())).isEmpty();
      }
      assertThat(batch.submitted).containsExactlyInAnyOrder("good", "bad", "stopped");
    }
  }

  /** INV-25: what of a role's credentials is in records of any topic, or in what a process says. */
  private static List<String> secrets(String bootstrapServers, String... said) {
    List<String> places = new ArrayList<>(List.of(said));
    for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.everything(bootstrapServers)) {
      if (record.value() != null) {
        places.add(record.topic() + ": " + new String(record.value(), StandardCharsets.UTF_8));
      }
    }
    assertThat(places).anyMatch(place -> place.contains("role/stopped"));
    return places.stream()
        .filter(place -> BatchServer.SECRETS.stream().anyMatch(place::contains))
        .toList();
  }

  /** As the history shows them. */
  private static List<String> roles(StepFunctionsClient client, String arn) throws Exception {
    return client
        .call("GetExecutionHistory", StepFunctionsClient.request().put("executionArn", arn))
        .path("events")
        .findValues("taskCredentials")
        .stream()
        .map(credentials -> credentials.path("roleArn").asText())
        .toList();
  }

  private static String machine(StepFunctionsClient client, String name, String fields)
      throws Exception {
    ObjectNode create = StepFunctionsClient.request();
    create.put("name", name).put("roleArn", "arn:aws:iam::123456789012:role/any");
    return client
        .call("CreateStateMachine", create.put("definition", MACHINE.formatted(fields)))
        .path("stateMachineArn")
        .asText();
  }

  private static String start(StepFunctionsClient client, String machine, String job)
      throws Exception {
    ObjectNode start = StepFunctionsClient.request();
    start.put("stateMachineArn", machine).put("name", job);
    start.put("input", "{\"job\":\"%s\"}".formatted(job));
    return client.call("StartExecution", start).path("executionArn").asText();
  }

  private static JsonNode awaitEnd(StepFunctionsClient client, String arn) {
    return Awaitility.await(arn)
        .atMost(PATIENCE)
        .until(
            () ->
                client.call(
                    "DescribeExecution", StepFunctionsClient.request().put("executionArn", arn)),
            found -> !found.path("status").asText().equals("RUNNING"));
  }

  private static List<String> events(StepFunctionsClient client, String arn) throws Exception {
    List<String> types = new ArrayList<>();
    client
        .call("GetExecutionHistory", StepFunctionsClient.request().put("executionArn", arn))
        .path("events")
        .forEach(event -> types.add(event.path("type").asText()));
    return types;
  }
}
