package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.items.ItemCursor;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.TopicSpans;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.asl.simulation.InMemoryRows;
import io.stepstream.asl.simulation.SimulatedObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * An execution with a distributed Map on its way to its end, by chance: what one execution tells
 * another comes in the order in which it was sent, and otherwise anything may come before anything
 * else, with any delay; what comes from outside may come again; and after every step everything may
 * be read from rows again.
 */
final class RandomMapRun {

  /** What the user changes MaxConcurrency to at most. */
  private static final int MOST_CONCURRENT = 12;

  static final Limits LIMITS =
      new Limits(50, 100_000, 20_000, 5, new Limits.MapRun(12, 3, 5, 400, 200, 100));

  /** No row but the state's own input and variables may be larger. */
  private static final int LARGEST_ROW = 2_000;

  /** A record of the topic that a ResultWriter publishes to. */
  record Published(long child, int redrive, boolean succeeded) {}

  private static final Published NOT_OURS = new Published(-1, 0, false);

  private record Timer(String arn, TimerKey key, long due) {}

  private record Channel(String from, String to) {}

  private final Machine machine;
  private final SimulatedObjects objects;
  private final Random random;
  private int failing;
  private final long begunWith;
  private long maxConcurrency;
  private final Map<String, InMemoryRows> rows = new LinkedHashMap<>();
  private final Map<Channel, Deque<Event>> channels = new LinkedHashMap<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<Runnable> outside = new ArrayList<>();
  private final List<Runnable> repeatable = new ArrayList<>();
  private final Map<Integer, List<Published>> topic = new HashMap<>();
  private final Map<String, Effect.Close> ends = new HashMap<>();
  private final Set<String> children = new HashSet<>();
  private final String root;
  private MapRunSummary told;
  private boolean changes;
  private int crashes;
  private int redrives;
  private int mapRuns;
  private int open;
  private int mostOpen;
  private long now = 1_800_000_000_000L;

  /**
   * @param failing one of so many tasks fails; 0: none
   */
  RandomMapRun(
      Machine machine, SimulatedObjects objects, long seed, int failing, long maxConcurrency) {
    this.machine = machine;
    this.objects = objects;
    this.random = new Random(seed);
    this.failing = failing;
    this.maxConcurrency = maxConcurrency;
    this.begunWith = maxConcurrency;
    this.root = "arn:aws:states:us-east-1:111111111111:execution:m:r";
  }

  /** The user changes MaxConcurrency again and again. */
  RandomMapRun withChanges() {
    changes = true;
    return this;
  }

  /**
   * It is stopped now and then, and redriven as often whenever it has ended without success; after
   * the last redrive no task fails.
   */
  RandomMapRun redriven(int times) {
    redrives = times;
    return this;
  }

  /** Map runs that have begun. */
  int mapRuns() {
    return mapRuns;
  }

  /** What the Map run's ARN tells at the end. */
  MapRunSummary told() {
    return told;
  }

  /** Child executions that ended so. */
  long ended(Execution.Status status) {
    return ends.values().stream()
        .map(Effect.Close::execution)
        .filter(end -> end.part() != null && end.status() == status)
        .count();
  }

  /** So many times at most a shard's rows vanish, and what it had told the Map state lately. */
  RandomMapRun crashing(int times) {
    crashes = times;
    return this;
  }

  private void crash() {
    List<String> shards =
        rows.entrySet().stream()
            .filter(
                e ->
                    e.getValue().execution() != null
                        && e.getValue().execution().part() instanceof Execution.Part.Shard)
            .map(Map.Entry::getKey)
            .toList();
    if (crashes > 0 && !shards.isEmpty() && random.nextInt(20) == 0) {
      crashes--;
      String lost = shards.get(random.nextInt(shards.size()));
      rows.put(lost, new InMemoryRows());
      timers.removeIf(timer -> timer.arn().equals(lost));
      Deque<Event> told = channels.getOrDefault(new Channel(lost, root), new ArrayDeque<>());
      for (int i = random.nextInt(told.size() + 1); i > 0; i--) {
        told.removeLast();
      }
    }
  }

  Effect.Close run(String input) {
    step(
        root,
        new Event.Started(
            root,
            "r",
            "arn:aws:states:us-east-1:111111111111:stateMachine:m",
            "arn:aws:iam::111111111111:role/r",
            false,
            now,
            input.getBytes(StandardCharsets.UTF_8),
            null));
    for (int steps = 0; act(); steps++) {
      assertThat(steps).as("steps").isLessThan(200_000);
    }
    rows.forEach(
        (arn, left) -> {
          boolean kept =
              ends.get(root).execution().unsuccessful()
                  || left.execution() != null && left.execution().unsuccessful();
          if (!kept) {
            assertThat(left.leftBehind()).as("rows of %s left behind", arn).isZero();
          }
        });
    assertThat(ends.keySet()).as("every child has ended").containsAll(children);
    return ends.get(root);
  }

  int children() {
    return children.size();
  }

  int mostOpen() {
    return mostOpen;
  }

  /** False: nothing more can happen. */
  private boolean act() {
    List<Channel> ready =
        channels.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    int choices = ready.size() + outside.size() + (timers.isEmpty() ? 0 : 1);
    boolean failed = rows.get(root).execution().unsuccessful();
    if (redrives > 0 && failed && (choices == 0 || random.nextInt(20) == 0)) {
      if (--redrives == 0) {
        failing = 0;
      }
      step(root, new Event.RedriveRequested());
      return true;
    }
    if (choices == 0) {
      return false;
    }
    if (redrives > 0 && rows.get(root).execution().running() && random.nextInt(200) == 0) {
      step(root, new Event.StopRequested(null, null));
    }
    if (!repeatable.isEmpty() && random.nextInt(8) == 0) {
      repeatable.get(random.nextInt(repeatable.size())).run();
    }
    if (changes && random.nextInt(10) == 0 && told.status() == MapRunSummary.Status.RUNNING) {
      maxConcurrency = 1 + random.nextInt(MOST_CONCURRENT);
      step(
          root,
          new Event.MapRunUpdated(told.frameId(), told.epoch(), (int) maxConcurrency, null, null));
    }
    crash();
    int choice = random.nextInt(choices);
    if (choice < ready.size()) {
      Channel channel = ready.get(choice);
      Event next = channels.get(channel).poll();
      if (next != null) { // lost in the crash
        step(channel.to(), next);
      }
    } else if (choice < ready.size() + outside.size()) {
      Runnable happening = outside.remove(choice - ready.size());
      happening.run();
      repeatable.add(happening);
    } else if (!timers.isEmpty()) { // neither lost in the crash nor cancelled since
      Timer next = timers.stream().min((a, b) -> Long.compare(a.due(), b.due())).orElseThrow();
      timers.remove(next);
      now = Math.max(now, next.due());
      step(next.arn(), new Event.TimerFired(next.key()));
    }
    return true;
  }

  private void step(String arn, Event event) {
    now += random.nextInt(3);
    InMemoryRows own = rows.computeIfAbsent(arn, _ -> new InMemoryRows());
    StepContext context =
        new StepContext(now, "us-east-1", LIMITS, TaskTokens.unprotected(), _ -> true);
    Decision decision = Engine.step(machine, own, event, context);
    assertThat(Engine.step(machine, own.copy(), event, context).effects())
        .as("the same events give the same effects")
        .hasSameSizeAs(decision.effects());
    if (event instanceof Event.RedriveRequested) {
      assertThat(decision.rejection()).isNull();
    }
    if (decision.rejection() != null) {
      assertThat(decision.effects()).isEmpty();
      return;
    }
    decision.effects().forEach(effect -> apply(arn, own, effect));
    rows.put(arn, own.copy());
    check(arn, rows.get(arn));
  }

  private void apply(String arn, InMemoryRows own, Effect effect) {
    own.apply(effect);
    switch (effect) {
      case Effect.Send(String to, Event event) -> {
        if (event instanceof Event.ChildStarted(Event.Started _, Execution.Part.Child child)) {
          assertThat(children.add(to) || child.redrive() > 0).as("%s starts once", to).isTrue();
          mostOpen = Math.max(mostOpen, ++open);
        }
        channels.computeIfAbsent(new Channel(arn, to), _ -> new ArrayDeque<>()).add(event);
      }
      case Effect.ReadItems read -> outside.add(() -> step(arn, page(read)));
      case Effect.WriteObject write -> outside.add(() -> step(arn, written(write)));
      case Effect.PublishResults publish -> outside.add(() -> step(arn, published(publish)));
      case Effect.Dispatch task -> outside.add(() -> step(arn, answer(task)));
      case Effect.Schedule(TimerKey key, long due) -> timers.add(new Timer(arn, key, due));
      case Effect.Cancel(TimerKey key, long _) ->
          timers.removeIf(t -> t.arn().equals(arn) && t.key().equals(key));
      case Effect.Close closing -> {
        Effect.Close before = ends.put(arn, closing);
        assertThat(before == null || before.execution().unsuccessful())
            .as("%s succeeds once", arn)
            .isTrue();
        assertThat(closing.execution().redriveCount())
            .as("%s ends once a redrive", arn)
            .isEqualTo(before == null ? 0 : before.execution().redriveCount() + 1);
        if (children.contains(arn)) {
          open--;
        }
      }
      case Effect.PutValue(ValueKey key, byte[] json) -> {
        if (key.slot() == Slot.ITEMS || key.slot() == Slot.RESULT) {
          assertThat(json.length).as("row %s of %s", key, arn).isLessThan(LARGEST_ROW);
        }
      }
      case Effect.PutMapRun(MapRunSummary run) -> {
        boolean runs = run.status() == MapRunSummary.Status.RUNNING;
        assertThat(told == null || told.status() == MapRunSummary.Status.RUNNING)
            .as("a Map run ends once")
            .isEqualTo(told == null || !runs);
        if (runs && run.run().redriveCount() == 0) {
          mapRuns++;
        }
        told = run;
      }
      case Effect.Record _,
          Effect.Attempted _,
          Effect.PutExecution _,
          Effect.PutFrame _,
          Effect.DeleteFrame _,
          Effect.DeleteValue _,
          Effect.Withdraw _,
          Effect.OfJob _,
          Effect.Abandon _,
          Effect.PurgeValues _,
          Effect.Vanish _ -> {}
    }
  }

  private void check(String arn, InMemoryRows own) {
    for (Frame frame : own.frames()) {
      switch (frame.awaits()) {
        case Awaits.MapRun run when own.execution().running() -> {
          assertThat(run.live().stream().mapToInt(Awaits.LiveShard::window).sum())
              .as("permits of %s", arn)
              .isLessThanOrEqualTo((int) maxConcurrency);
          assertThat(run.live().size()).as("shards in one row").isLessThan(12);
          told =
              new MapRunSummary(
                  told.mapRunArn(),
                  frame.id(),
                  frame.epoch(),
                  run,
                  MapRunSummary.Status.RUNNING,
                  null);
          addUp(told.children());
          addUp(told.items());
        }
        // A shard may have all permits, of those there were when they were given to it.
        case Awaits.Shard shard ->
            assertThat(shard.active().cardinality())
                .isLessThanOrEqualTo(Math.max((int) begunWith, MOST_CONCURRENT));
        default -> {}
      }
    }
  }

  static void addUp(MapRunSummary.Counts counts) {
    assertThat(
            List.of(
                counts.pending(),
                counts.running(),
                counts.ended().ended(),
                counts.pendingRedrive()))
        .as("%s", counts)
        .allMatch(count -> count >= 0);
    assertThat(
            counts.pending() + counts.running() + counts.ended().ended() + counts.pendingRedrive())
        .isEqualTo(counts.total());
  }

  // ------------------------------------------------------------------ the world

  private Event page(Effect.ReadItems read) {
    ItemRequest request = read.request();
    try (ItemCursor cursor = new ItemCursor(objects, request.source())) {
      ItemCursor.Page page = cursor.read(request.from(), request.pageItems(), request.pageBytes());
      return new Event.TaskSucceeded(
          read.frameId(),
          read.epoch(),
          new ItemPage(request.from(), page.items(), page.last()).encode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Event written(Effect.WriteObject asked) {
    ObjectWrite write = asked.write();
    try {
      objects.put(write.arguments(), write.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Event.TaskSucceeded(
        asked.frameId(),
        asked.epoch(),
        new ObjectWrite.Written((String) write.arguments().get("Key"), write.body().length)
            .encode());
  }

  private Event published(Effect.PublishResults asked) {
    TopicWrite write = asked.write();
    TopicSpans spans = TopicSpans.NONE;
    for (TopicWrite.Result result : write.results()) {
      int partition = (int) (result.child() % 3);
      List<Published> records =
          topic.computeIfAbsent(partition, _ -> new ArrayList<>(List.of(NOT_OURS)));
      spans = spans.with(partition, records.size());
      records.add(new Published(result.child(), write.redrive(), result.succeeded()));
    }
    return new Event.TaskSucceeded(
        asked.frameId(), asked.epoch(), new TopicWrite.Written(write.batch(), spans).encode());
  }

  /** What has been published, by partition; the first record of each is somebody else's. */
  Map<Integer, List<Published>> topic() {
    return topic;
  }

  private Event answer(Effect.Dispatch task) {
    return failing > 0 && random.nextInt(failing) == 0
        ? new Event.TaskFailed(task.frameId(), task.epoch(), "Boom", "by chance")
        : new Event.TaskSucceeded(task.frameId(), task.epoch(), task.input());
  }
}
