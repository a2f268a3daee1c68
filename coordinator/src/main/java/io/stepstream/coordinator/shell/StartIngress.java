package io.stepstream.coordinator.shell;

import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.tracing.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Reads the public topic of starts and sends a launch to the partition of each execution. Both
 * lanes read the topic; each takes the machines of its own type, and Standard speaks for those that
 * nobody knows.
 *
 * <p>An unnamed start is named by its topic, partition and offset, so a replay starts nothing
 * twice.
 */
final class StartIngress implements Processor<byte[], byte[], Object, byte[]> {

  /** A machine that was created a moment ago must not be unknown. */
  private static final Duration CATCH_UP = Duration.ofSeconds(2);

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final Definitions definitions;
  private final CommitPacing pacing;
  private final StepCounters counters;

  // Set by init, before any record.
  private ProcessorContext<Object, byte[]> context;
  private DeadLetters deadLetters;

  StartIngress(
      LaneSettings lane,
      LaneCodecs codecs,
      Definitions definitions,
      CommitPacing pacing,
      StepCounters counters) {
    this.lane = lane;
    this.codecs = codecs;
    this.definitions = definitions;
    this.pacing = pacing;
    this.counters = counters;
  }

  @Override
  public void init(ProcessorContext<Object, byte[]> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(context, Outputs.START_DEAD_LETTERS, counters);
    processorContext.schedule(
        Duration.ofMillis(10),
        org.apache.kafka.streams.processor.PunctuationType.WALL_CLOCK_TIME,
        _ -> pacing.requestIfDue(context));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    switch (codecs.starts().decode(record.value())) {
      case Decoded.Unreadable(String reason) -> refuse(record, reason);
      case Decoded.Read(StartExecution start) -> start(record, start);
    }
  }

  private void start(Record<byte[], byte[]> record, StartExecution start) {
    Optional<Definitions.Startable> machine = definitions.startable(start.getStateMachineArn());
    if (machine.isEmpty() && definitions.catchUp(CATCH_UP)) {
      machine = definitions.startable(start.getStateMachineArn());
    }
    if (machine.isEmpty()) {
      refuse(
          record,
          "State Machine Does Not Exist: '%s'"
              .formatted(Commands.shortened(start.getStateMachineArn())));
      return;
    }
    Definitions.Startable current = machine.get();
    if (current.revision().getLane() != lane.topics().lane()) {
      return; // the other lane's
    }
    byte[] input = Payloads.bytes(start.getInput());
    String reason = invalid(start, input);
    if (reason != null) {
      refuse(record, reason);
      return;
    }
    RecordMetadata source = context.recordMetadata().orElseThrow();
    String derived =
        UUID.nameUUIDFromBytes(
                (source.topic() + '-' + source.partition() + '-' + source.offset())
                    .getBytes(StandardCharsets.UTF_8))
            .toString();
    String name = start.getName() == null ? derived : start.getName();
    String arn = ExecutionArns.of(current.revision(), name, derived);
    LaunchExecution launch =
        new LaunchExecution(
            current.revision().getStateMachineArn(),
            current.revision().getRevisionId(),
            current.offset(),
            name,
            start.getName() != null,
            start.getInput(),
            // When Stepstream takes it: the record's own timestamp may be any, and an execution
            // that began in another century would time out at once or never.
            Instant.ofEpochMilli(context.currentSystemTimeMs()),
            traceHeader(record, start),
            ReplyWhen.STARTED,
            current.startedBy(),
            null,
            null);
    ExecutionKey key = ExecutionKey.of(arn);
    int generation = lane.generationOfLaunch(lane.topics().lane());
    Envelope envelope = new Envelope(arn, generation, 0L, 0, source.offset(), null, launch);
    try {
      codecs.seals().seal(envelope);
    } catch (KeyUnavailableException e) {
      // Nothing else behind it can wait; it is kept as it came, to be redriven.
      refuse(record, String.valueOf(e.getMessage()));
      return;
    }
    context.forward(
        new Record<>(
            new Receiver(key, lane.generations().partition(key, generation)),
            codecs.peer().encode(envelope),
            context.currentSystemTimeMs()),
        Outputs.PEER);
    pacing.stepped(context);
  }

  /** The value's own header wins over the record's, as what is said of the start itself. */
  private static @Nullable String traceHeader(Record<byte[], byte[]> record, StartExecution start) {
    Header header = record.headers().lastHeader(TraceContext.TRACE_PARENT);
    if (start.getTraceHeader() != null || header == null || header.value() == null) {
      return start.getTraceHeader();
    }
    TraceContext context =
        TraceContext.ofTraceParent(new String(header.value(), StandardCharsets.US_ASCII));
    return context == null ? null : context.xRay();
  }

  private @Nullable String invalid(StartExecution start, byte[] input) {
    if (start.getName() != null && !ExecutionArns.isName(start.getName())) {
      return "Invalid Name: '%s'".formatted(Commands.shortened(start.getName()));
    }
    if (Commands.isTraceTooLong(start.getTraceHeader())) {
      return "the traceHeader is too long";
    }
    if (input.length > lane.limits().payloadBytes()) {
      return "the input has %d bytes, more than %d"
          .formatted(input.length, lane.limits().payloadBytes());
    }
    return switch (Json.decode(input)) {
      case io.stepstream.asl.json.Decoded.Tree _ -> null;
      case io.stepstream.asl.json.Decoded.Malformed malformed ->
          "Invalid State Machine Execution Input: %s (line %d, column %d)"
              .formatted(malformed.message(), malformed.line(), malformed.column());
    };
  }

  /** Unreadable and unknown starts belong to nobody: Standard puts them aside, once. */
  private void refuse(Record<byte[], byte[]> record, String reason) {
    if (lane.topics().lane() == Lane.STANDARD || known(record)) {
      deadLetters.put(Delivery.fresh(record, context.recordMetadata().orElseThrow()), reason);
      pacing.stepped(context);
    }
  }

  /**
   * Whether the record names an Express machine, whose bad starts are the Express lane's to put
   * aside.
   */
  private boolean known(Record<byte[], byte[]> record) {
    return codecs.starts().decode(record.value()) instanceof Decoded.Read(StartExecution start)
        && definitions
            .startable(start.getStateMachineArn())
            .filter(current -> current.revision().getLane() == lane.topics().lane())
            .isPresent();
  }
}
