package io.stepstream.loadtests;

import io.stepstream.coordinator.definition.Defined;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One state machine of the engine. Executions are launched as the API launches unnamed ones: by a
 * record to the inbox of the execution's partition.
 */
final class EnginePipeline implements Pipeline {

  /** Written at intervals, whatever is executed. */
  private static final Set<String> NOT_OF_EXECUTIONS = Set.of(Topics.WORKERS, Topics.DEFINITIONS);

  private static final int UUID_LENGTH = 36;

  private final String name;
  private final Defined<StateMachineRevision> defined;
  private final StateMachineRevision machine;
  private final long definitionOffset;
  private final int partitions;
  private final Inputs inputs;
  private final long round;
  private final SchemaRegistry registry;
  private final Path stateDirectory;
  private final LongSupplier itemsDone;
  private final String inbox;
  private final WireCodec<Envelope> envelopes;
  private final WireCodec<ExecutionCompleted> completed;

  EnginePipeline(
      String name,
      Defined<StateMachineRevision> machine,
      int partitions,
      Inputs inputs,
      Path stateDirectory,
      LongSupplier itemsDone,
      SchemaRegistry registry) {
    this(name, machine, partitions, inputs, 0, stateDirectory, itemsDone, registry);
  }

  private EnginePipeline(
      String name,
      Defined<StateMachineRevision> machine,
      int partitions,
      Inputs inputs,
      long round,
      Path stateDirectory,
      LongSupplier itemsDone,
      SchemaRegistry registry) {
    this.name = name;
    this.defined = machine;
    this.round = round;
    this.registry = registry;
    this.machine = machine.value();
    this.definitionOffset = machine.offset();
    this.partitions = partitions;
    this.inputs = inputs;
    this.stateDirectory = stateDirectory;
    this.itemsDone = itemsDone;
    this.inbox = LaneTopics.of(this.machine.getLane()).inbox();
    this.envelopes = WireCodec.forTopic(Envelope.class, inbox, registry);
    this.completed = WireCodec.forTopic(ExecutionCompleted.class, Topics.COMPLETIONS, registry);
  }

  /**
   * The same machine for another measurement, whose sequence numbers begin anew: a Standard
   * execution's name is given once.
   *
   * @param number another one for each
   */
  EnginePipeline again(int number, Inputs others) {
    return new EnginePipeline(
        name, defined, partitions, others, number + 1L, stateDirectory, itemsDone, registry);
  }

  /** The same with the same inputs. */
  EnginePipeline again(int number) {
    return again(number, inputs);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String completionsTopic() {
    return Topics.COMPLETIONS;
  }

  @Override
  public boolean counts(String topic) {
    return topic.startsWith("stepstream") && !NOT_OF_EXECUTIONS.contains(topic);
  }

  @Override
  public Path stateDirectory() {
    return stateDirectory;
  }

  @Override
  public ProducerRecord<byte[], byte[]> start(long sequence) {
    return start(sequence, inputs.at(sequence));
  }

  /** The same with an input that isn't the usual one. */
  ProducerRecord<byte[], byte[]> start(long sequence, byte[] input) {
    String unique = unique(sequence);
    String arn = arn(sequence);
    LaunchExecution launch =
        new LaunchExecution(
            machine.getStateMachineArn(),
            machine.getRevisionId(),
            definitionOffset,
            unique,
            false,
            Payloads.of(input),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            null,
            ReplyWhen.STARTED,
            null,
            null,
            null);
    return new ProducerRecord<>(
        inbox,
        ExecutionKey.of(arn).partition(partitions),
        arn.getBytes(StandardCharsets.UTF_8),
        envelopes.encode(new Envelope(arn, 1, 0L, 0, 0L, null, launch)));
  }

  /** The ARN of the execution that was started with that number. */
  String arn(long sequence) {
    return ExecutionArns.of(machine, unique(sequence), unique(sequence));
  }

  /** As long as a random name, and it tells the sequence number. */
  private String unique(long sequence) {
    return new UUID(round, sequence).toString();
  }

  @Override
  public boolean started(ConsumerRecord<byte[], byte[]> completion) {
    return isOf(machine.getStateMachineArn(), new String(completion.key(), StandardCharsets.UTF_8));
  }

  /** In an execution's ARN a colon is behind the machine's name, in a child's a slash. */
  static boolean isOf(String stateMachineArn, String executionArn) {
    return executionArn.contains(stateMachineArn.substring(stateMachineArn.lastIndexOf(':')) + ':');
  }

  @Override
  public long itemsDone() {
    return itemsDone.getAsLong();
  }

  @Override
  public long sequence(ConsumerRecord<byte[], byte[]> completion) {
    return sequence(completion.key());
  }

  /** The sequence number in an execution's ARN: its last 36 characters are a UUID. */
  static long sequence(byte[] arn) {
    String unique =
        new String(arn, arn.length - UUID_LENGTH, UUID_LENGTH, StandardCharsets.US_ASCII);
    return UUID.fromString(unique).getLeastSignificantBits();
  }

  @Override
  public void verify(ConsumerRecord<byte[], byte[]> completion) {
    switch (completed.decode(completion.value())) {
      case Decoded.Unreadable(String reason) ->
          throw new BenchFailure(name + ": a completion can't be read: " + reason);
      case Decoded.Read(ExecutionCompleted end) -> {
        if (end.getStatus() != ExecutionStatus.SUCCEEDED) {
          throw new BenchFailure(
              "%s: execution %s ended %s: %s %s"
                  .formatted(
                      name,
                      end.getExecutionArn(),
                      end.getStatus(),
                      end.getError(),
                      end.getCause()));
        }
      }
    }
  }
}
