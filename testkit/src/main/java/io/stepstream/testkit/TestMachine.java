package io.stepstream.testkit;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.SimulatedObjects;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A state machine under test, whose tasks are mocked by the names of their states or by their
 * resources.
 *
 * <pre>{@code
 * TestMachine machine = TestMachine.load(Path.of("machine.asl.json"));
 * machine.task("ChargePayment").fails("Payments.GatewayTimeout", "try later").times(2)
 *     .returns("{\"chargeId\":\"ch-1\"}");
 * machine.run("{\"orderId\":\"O-1\"}").succeeded().visited("ChargePayment", "Ship");
 * }</pre>
 *
 * <p>Each {@link #run} is an execution of its own; mocks go on where the run before left them. Not
 * thread safe.
 */
public final class TestMachine {

  private static final String PREFIX = "arn:aws:states:us-east-1:123456789012:";

  private final Machine machine;
  private final boolean express;
  private final Map<String, TaskMock> byState = new HashMap<>();
  private final Map<String, TaskMock> byResource = new HashMap<>();
  private final SimulatedObjects objects = new SimulatedObjects();
  private Instant start = Instant.parse("2025-01-01T00:00:00Z");
  private int runs;

  private TestMachine(Machine machine, boolean express) {
    this.machine = machine;
    this.express = express;
  }

  /**
   * A Standard machine from a definition in JSON.
   *
   * @throws IllegalArgumentException the definition is not valid; the message is AWS's
   */
  public static TestMachine of(String definition) {
    return of(definition, Format.JSON, false);
  }

  /**
   * A Standard machine from a file, in YAML if it is named {@code .yaml} or {@code .yml}, else in
   * JSON.
   *
   * @throws IOException the file cannot be read
   * @throws IllegalArgumentException the definition is not valid; the message is AWS's
   */
  public static TestMachine load(Path definition) throws IOException {
    String name = definition.getFileName().toString();
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    return of(Files.readString(definition), yaml ? Format.YAML : Format.JSON, false);
  }

  /**
   * An Express machine from a definition in JSON.
   *
   * @throws IllegalArgumentException the definition is not valid; the message is AWS's
   */
  public static TestMachine ofExpress(String definition) {
    return of(definition, Format.JSON, true);
  }

  private static TestMachine of(String definition, Format format, boolean express) {
    MachineType type = express ? MachineType.EXPRESS : MachineType.STANDARD;
    return switch (DefinitionReader.read(definition, format, type)) {
      case DefinitionResult.Parsed parsed -> new TestMachine(Machine.of(parsed.machine()), express);
      case DefinitionResult.Rejected rejected ->
          throw new IllegalArgumentException(rejected.message());
    };
  }

  /** The mock of the Task state of that name, wherever it is nested. */
  public TaskMock task(String state) {
    return byState.computeIfAbsent(state, TaskMock::new);
  }

  /**
   * The mock of all Task states with that Resource, or which call the function of that name through
   * Lambda; a mock of the state itself comes first.
   */
  public TaskMock resource(String resourceOrFunction) {
    return byResource.computeIfAbsent(resourceOrFunction, TaskMock::new);
  }

  /** Puts an object into a bucket, for the ItemReader of a distributed Map. */
  public TestMachine object(String bucket, String key, String body) {
    objects.put(bucket, key, body.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /**
   * What an object holds, for example one that a ResultWriter has written.
   *
   * @throws IllegalArgumentException there is no such object
   */
  public String object(String bucket, String key) {
    byte[] body = objects.get(bucket, key);
    if (body == null) {
      throw new IllegalArgumentException("there is no object '%s' in '%s'".formatted(key, bucket));
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Where the clock stands when the next run begins. By default it is the year 2025's start. */
  public TestMachine startingAt(Instant moment) {
    start = moment;
    return this;
  }

  /**
   * Runs an execution to its end, or to where nothing more can happen.
   *
   * @param input JSON
   * @throws AssertionError a task is called that has no mock
   * @throws IllegalArgumentException the input is not JSON
   */
  public TestRun run(String input) {
    if (Json.decode(input) instanceof Decoded.Malformed malformed) {
      throw new IllegalArgumentException("the input is not JSON: " + malformed.message());
    }
    String name = "run-" + ++runs;
    return new TestRun(
        start,
        Simulation.of(machine, this::answer)
            .withObjects(objects)
            .run(
                new Event.Started(
                    PREFIX
                        + (express
                            ? "express:under-test:" + name + ":1"
                            : "execution:under-test:" + name),
                    name,
                    PREFIX + "stateMachine:under-test",
                    "arn:aws:iam::123456789012:role/under-test",
                    express,
                    start.toEpochMilli(),
                    input.getBytes(StandardCharsets.UTF_8),
                    null)));
  }

  private List<TaskReport> answer(TaskAttempt attempt) {
    TaskMock mock = byState.get(attempt.state());
    if (mock == null) {
      mock = byResource.get(attempt.resource());
    }
    if (mock == null && attempt.function() != null) {
      mock = byResource.get(attempt.function());
    }
    if (mock == null) {
      throw new AssertionError(
          "the task of state '%s' (%s) has no mock; it was called with %s"
              .formatted(
                  attempt.state(),
                  attempt.resource(),
                  new String(attempt.input(), StandardCharsets.UTF_8)));
    }
    return mock.answer(attempt);
  }
}
