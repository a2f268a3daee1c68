package io.stepstream.asl.engine;

import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.items.TopicSpans;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The results of a shard's children on their way: to the Map state, or where its ResultWriter says.
 * A step hands over a bounded part of them. What a worker writes or publishes is awaited before the
 * next part, and the Map state hears in the end where everything is.
 *
 * <p>Mutable and confined to one step.
 */
final class ShardHandover {

  /** What became of a worker's answer. */
  enum Answer {
    /** Nobody waits for it: a repetition, or of an attempt before. */
    UNEXPECTED,
    TAKEN,
    /** It was the last that was waited for: everything is handed over. */
    COMPLETE
  }

  private static final long FRAME = Execution.ROOT_FRAME;

  /** Parts of results that one step hands over. */
  private static final int PARTS_PER_STEP = 4;

  /** A written object takes so many parts, which leaves room for one more result. */
  private static final int PARTS_PER_OBJECT = 8;

  private final int count;
  private final IntFunction<byte[]> rows;
  private final StepContext context;
  private final Payload payload;
  private final List<Effect> effects;

  private int sent;
  private int parts;
  private final List<String> writing;
  private final List<String> files;

  /**
   * @param rows the row of a child's result, by the child's index
   * @param effects takes what is to be done
   */
  ShardHandover(
      Awaits.Shard state,
      IntFunction<byte[]> rows,
      StepContext context,
      Payload payload,
      List<Effect> effects) {
    this.count = state.count();
    this.rows = rows;
    this.context = context;
    this.payload = payload;
    this.effects = effects;
    this.sent = state.sent();
    this.parts = state.parts();
    this.writing = new ArrayList<>(state.writing());
    this.files = new ArrayList<>(state.files());
  }

  /** How many children's results have been handed over, or are being written. */
  int sent() {
    return sent;
  }

  /** How many parts, objects or batches have been begun. */
  int parts() {
    return parts;
  }

  /** Objects or batches that workers have not answered for. */
  List<String> writing() {
    return writing;
  }

  /** What is to be told of those that they have. */
  List<String> files() {
    return files;
  }

  boolean awaitsAnswers() {
    return !writing.isEmpty();
  }

  /** How many parts the Map state is told of in all. */
  int told(Awaits.ShardOf run) {
    return run.destination() == null ? parts : 1;
  }

  /** Answers that come later are unexpected. */
  void forgetAnswers() {
    writing.clear();
  }

  /** For a redrive: all results are handed over again. */
  void beginAgain() {
    sent = 0;
    parts = 0;
    files.clear();
  }

  /**
   * Hands over the next results.
   *
   * @param epoch what answers and timers carry
   * @return whether that was all
   */
  boolean goOn(Awaits.ShardOf run, int epoch) {
    return switch (run.destination()) {
      case null -> tell(run, epoch);
      case Awaits.Destination.Bucket bucket -> write(run, bucket, epoch);
      case Awaits.Destination.Topic topic -> {
        publish(run, topic, epoch);
        yield false;
      }
    };
  }

  /**
   * Takes a worker's answer, and goes on where nothing else is waited for.
   *
   * @throws ReadRefused if it doesn't tell of written or published results
   */
  Answer take(Awaits.ShardOf run, int epoch, byte[] output) throws ReadRefused {
    boolean expected =
        run.destination() instanceof Awaits.Destination.Topic
            ? published(TopicWrite.Written.decode(output))
            : written(ObjectWrite.Written.decode(output));
    if (!expected) {
      return Answer.UNEXPECTED;
    }
    return !awaitsAnswers() && answered(run, epoch) ? Answer.COMPLETE : Answer.TAKEN;
  }

  /** Whether all is handed over, now that nothing is being written. */
  private boolean answered(Awaits.ShardOf run, int epoch) {
    if (sent < count) {
      return goOn(run, epoch);
    }
    send(run, 0, ('[' + String.join(",", files) + ']').getBytes(StandardCharsets.UTF_8));
    return true;
  }

  // ------------------------------------------------------------------ to the Map state

  private boolean tell(Awaits.ShardOf run, int epoch) {
    for (int i = 0; i < PARTS_PER_STEP && sent < count; i++) {
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      long bytes = 0;
      while (sent < count && bytes < context.limits().mapRun().partBytes()) {
        byte[] row = rows.apply(sent++);
        bytes += row.length;
        ChildResult.of(row)
            .elements(run.transformation(), payload)
            .forEach(element -> append(part, element, false));
      }
      close(part);
      send(run, parts++, part.toByteArray());
    }
    if (sent < count) {
      effects.add(
          new Effect.Schedule(
              new TimerKey(FRAME, epoch, TimerKey.Purpose.CONTINUE), context.nowMillis()));
    }
    return sent == count;
  }

  private void send(Awaits.ShardOf run, int part, byte[] results) {
    effects.add(
        new Effect.Send(
            run.executionArn(),
            new Event.ShardResults(run.frameId(), run.epoch(), run.number(), part, results)));
  }

  // ------------------------------------------------------------------ objects

  /** Writes the next objects, those of succeeded and of failed children apart. */
  private boolean write(Awaits.ShardOf run, Awaits.Destination.Bucket destination, int epoch) {
    ByteArrayOutputStream succeeded = new ByteArrayOutputStream();
    ByteArrayOutputStream failed = new ByteArrayOutputStream();
    int most = PARTS_PER_OBJECT * context.limits().mapRun().partBytes();
    while (sent < count && succeeded.size() + failed.size() < most) {
      ChildResult result = ChildResult.of(rows.apply(sent++));
      for (ChildResult.Text element : result.elements(run.transformation(), payload)) {
        append(result.succeeded() ? succeeded : failed, element, destination.lines());
      }
    }
    String number = parts == 0 ? "" + run.number() : run.number() + "_" + parts;
    parts++;
    if (run.redrive() > 0) {
      // A worker may still write what the attempt before has asked for.
      number += "_redrive" + run.redrive();
    }
    write(destination, epoch, "SUCCEEDED_" + number, succeeded);
    write(destination, epoch, "FAILED_" + number, failed);
    return !awaitsAnswers() && answered(run, epoch);
  }

  private void write(
      Awaits.Destination.Bucket destination, int epoch, String name, ByteArrayOutputStream text) {
    if (text.size() == 0) {
      return;
    }
    if (!destination.lines()) {
      close(text);
    }
    String key = destination.folder() + name + (destination.lines() ? ".jsonl" : ".json");
    writing.add(key);
    effects.add(
        new Effect.WriteObject(
            FRAME,
            epoch,
            new ObjectWrite(ResultExport.arguments(destination, key), text.toByteArray())));
  }

  private static void append(ByteArrayOutputStream text, ChildResult.Text result, boolean lines) {
    if (lines) {
      result.writeInOneLine(text);
      text.write('\n');
    } else {
      text.write(text.size() == 0 ? '[' : ',');
      result.write(text);
    }
  }

  /** Ends an array to which {@link #append} has added what there was. */
  private static void close(ByteArrayOutputStream array) {
    if (array.size() == 0) {
      array.write('[');
    }
    array.write(']');
  }

  private boolean written(ObjectWrite.Written object) {
    if (!writing.remove(object.key())) {
      return false;
    }
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("Key", object.key());
    file.put("Size", object.size());
    files.add(Json.encode(file));
    return true;
  }

  // ------------------------------------------------------------------ records

  /** Publishes the next results, a batch at a time: the topic is asked to take no more at once. */
  private void publish(Awaits.ShardOf run, Awaits.Destination.Topic destination, int epoch) {
    List<TopicWrite.Result> results = new ArrayList<>();
    int bytes = 0;
    int most = PARTS_PER_OBJECT * context.limits().mapRun().partBytes();
    while (sent < count && bytes < most) {
      int index = sent++;
      ChildResult result = ChildResult.of(rows.apply(index));
      byte[] json = result.told().copy();
      bytes += json.length;
      results.add(new TopicWrite.Result(run.firstChild() + index, result.succeeded(), json));
    }
    String batch = Integer.toString(parts++);
    writing.add(batch);
    effects.add(
        new Effect.PublishResults(
            FRAME,
            epoch,
            new TopicWrite(
                batch,
                ResultExport.arguments(destination),
                run.mapRunArn(),
                run.redrive(),
                run.transformation().equals(ChildResult.FLATTEN),
                results)));
  }

  /** Keeps one span for each partition, however many batches there are. */
  private boolean published(TopicWrite.Written written) throws ReadRefused {
    if (!writing.remove(written.batch())) {
      return false;
    }
    TopicSpans all = written.spans();
    for (String earlier : files) {
      if (Json.decode(earlier) instanceof Decoded.Tree(Map<?, ?> spans)) {
        all = all.with(TopicSpans.of(spans));
      }
    }
    files.clear();
    files.add(all.encode());
    return true;
  }
}
