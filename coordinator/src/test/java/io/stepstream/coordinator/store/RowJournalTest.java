package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.junit.jupiter.api.Test;

class RowJournalTest {

  private static final int ROOMY = 64 << 20;

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What the broker has of the two changelogs, and what is still on its way there. */
  private static final class Changelogs {
    private final TreeMap<Bytes, byte[]> executions = new TreeMap<>();
    private final TreeMap<Bytes, byte[]> timers = new TreeMap<>();
    private final List<KeyValue<Bytes, byte[]>> executionsSent = new ArrayList<>();
    private final List<KeyValue<Bytes, byte[]>> timersSent = new ArrayList<>();

    private void acknowledge() {
      getThrough(executionsSent.size(), timersSent.size());
    }

    /** The first so many of each get through; the rest is lost. */
    private void getThrough(int ofExecutions, int ofTimers) {
      executionsSent.subList(0, ofExecutions).forEach(row -> apply(executions, row));
      timersSent.subList(0, ofTimers).forEach(row -> apply(timers, row));
      executionsSent.clear();
      timersSent.clear();
    }

    private static void apply(Map<Bytes, byte[]> rows, KeyValue<Bytes, byte[]> row) {
      if (row.value == null) {
        rows.remove(row.key);
      } else {
        rows.put(row.key, row.value);
      }
    }

    private int sent() {
      return executionsSent.size() + timersSent.size();
    }

    private Changelogs copy() {
      Changelogs copy = new Changelogs();
      copy.executions.putAll(executions);
      copy.timers.putAll(timers);
      copy.executionsSent.addAll(executionsSent);
      copy.timersSent.addAll(timersSent);
      return copy;
    }
  }

  /** A store that sends each change to its changelog. */
  private static final class Logged
      extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
      implements KeyValueStore<Bytes, byte[]> {

    private final List<KeyValue<Bytes, byte[]>> sent;

    Logged(Map<Bytes, byte[]> restored, List<KeyValue<Bytes, byte[]>> sent) {
      super(new MapStore());
      ((MapStore) wrapped()).rows.putAll(restored);
      this.sent = sent;
    }

    @Override
    public void put(Bytes key, byte[] value) {
      wrapped().put(key, value);
      sent.add(KeyValue.pair(key, value));
    }

    @Override
    public byte[] get(Bytes key) {
      return wrapped().get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
      return wrapped().range(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
      return wrapped().all();
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] delete(Bytes key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long approximateNumEntries() {
      return wrapped().approximateNumEntries();
    }
  }

  /** A partition on a node, restored from the changelogs. */
  private static final class Node {
    private final Changelogs changelogs;
    private final Logged executionsBelow;
    private final BufferedRows executions;
    private final BufferedRows timers;
    private final RowJournals journals;
    private final RowJournal journal;
    private boolean replaced;
    private int diesAtAwait;

    Node(Changelogs changelogs) {
      this(changelogs, ROOMY);
    }

    Node(Changelogs changelogs, int bufferBytes) {
      this.changelogs = changelogs;
      executionsBelow = new Logged(changelogs.executions, changelogs.executionsSent);
      executions = new BufferedRows(executionsBelow, false, bufferBytes);
      timers =
          new BufferedRows(new Logged(changelogs.timers, changelogs.timersSent), true, bufferBytes);
      journals = new RowJournals(this::awaitSent, () -> replaced);
      journal = journals.recovered(executions, timers);
    }

    private void awaitSent() {
      if (--diesAtAwait == 0) {
        throw new Crash();
      }
      changelogs.acknowledge();
    }

    private long chunks() {
      return ((MapStore) executionsBelow.wrapped())
          .rows.keySet().stream().filter(key -> key.get().length == 5).count();
    }
  }

  private static Bytes execution(int number) {
    return RowKeys.header(Arrays.copyOf(new byte[] {(byte) number}, 16));
  }

  private static Bytes timer(int number) {
    return RowKeys.timer(number, new byte[16], 1, 1, 1);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String read(Node node) {
    StringBuilder state = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      byte[] execution = node.executions.get(execution(i));
      byte[] timer = node.timers.get(timer(i));
      state.append(execution == null ? "-" : new String(execution, StandardCharsets.UTF_8));
      state.append(timer == null ? "-" : new String(timer, StandardCharsets.UTF_8)).append(' ');
    }
    return state.toString();
  }

  private static void change(Node node, Random random) {
    for (int i = 0; i < 6; i++) {
      byte[] value = random.nextInt(3) == 0 ? null : text("" + random.nextInt(10));
      if (random.nextBoolean()) {
        node.executions.put(execution(random.nextInt(10)), value);
      } else {
        node.timers.put(timer(random.nextInt(10)), value);
      }
    }
  }

  /** Rows that fill several chunks. */
  private static void fill(Node node, char with) {
    for (int i = 0; i < 9; i++) {
      node.executions.put(execution(i), text(("" + with).repeat(200_000)));
      node.timers.put(timer(i), text("" + with));
    }
  }

  @Test
  void shouldHaveAllOfAFlushWhereverTheWritingOfItsRowsIsCutOff() {
    int cuts = 0;
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      Changelogs changelogs = new Changelogs();
      Node node = new Node(changelogs);
      for (int flush = 0; flush < 3; flush++) {
        change(node, random);
        node.journal.flush();
      }
      change(node, random);
      String after = read(node);
      node.journal.flush();
      // A crash leaves a prefix of each changelog.
      for (int i = 0; i <= changelogs.executionsSent.size(); i++) {
        for (int j = 0; j <= changelogs.timersSent.size(); j++) {
          Changelogs left = changelogs.copy();
          left.getThrough(i, j);
          Node next = new Node(left);
          assertThat(read(next)).as("seed %d, cut at %d/%d", seed, i, j).isEqualTo(after);
          cuts++;
          // and again, in the first flush of the next node
          change(next, random);
          String later = read(next);
          next.journal.flush();
          left.getThrough(
              random.nextInt(left.executionsSent.size() + 1),
              random.nextInt(left.timersSent.size() + 1));
          assertThat(read(new Node(left))).isEqualTo(later);
        }
      }
    }
    assertThat(cuts).isGreaterThan(500);
  }

  @Test
  void shouldHaveNothingOfAFlushUntilAllOfItsChunksAreThere() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    fill(node, 'a');
    node.journal.flush();
    fill(node, 'b');
    node.journal.flush();
    changelogs.acknowledge();
    String before = read(node);
    fill(node, 'c');
    String after = read(node);
    // when it dies before the chunks are acknowledged
    node.diesAtAwait = 2;
    assertThatThrownBy(node.journal::flush).isInstanceOf(Crash.class);
    assertThat(changelogs.timersSent).as("rows").isEmpty();
    int chunks = changelogs.executionsSent.size();
    assertThat(chunks).isBetween(4, 9);
    for (int i = 0; i <= chunks; i++) {
      Changelogs left = changelogs.copy();
      left.getThrough(i, 0);
      Node next = new Node(left);
      assertThat(read(next))
          .as("%d of %d chunks", i, chunks)
          .isEqualTo(i < chunks ? before : after);
      // and a smaller flush, cut off as well, does not take the rest for its own
      next.executions.put(execution(0), text("d"));
      String smaller = read(next);
      next.journal.flush();
      left.getThrough(left.executionsSent.size() - 1, 0);
      assertThat(read(new Node(left))).isEqualTo(smaller);
    }
  }

  @Test
  void shouldWriteNothingBeforeWhatWasSentIsAcknowledged() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    fill(node, 'a');
    node.diesAtAwait = 1;
    assertThatThrownBy(node.journal::flush).isInstanceOf(Crash.class);
    assertThat(changelogs.executionsSent).isEmpty();
    assertThat(changelogs.timersSent).isEmpty();
    // Kafka Streams asks the other store before it gives up the task.
    assertThatThrownBy(node.timers::flushCache).isInstanceOf(StreamsException.class);
    assertThat(changelogs.executionsSent).isEmpty();
  }

  @Test
  void shouldWriteNothingWhenAnotherMayHaveThePartition() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    fill(node, 'a');
    node.replaced = true;
    assertThatThrownBy(node.executions::flushCache).isInstanceOf(TaskMigratedException.class);
    assertThat(changelogs.executionsSent).isEmpty();
    assertThat(changelogs.timersSent).isEmpty();
  }

  @Test
  void shouldFlushOnlyBetweenStepsHoweverFullTheBuffersAre() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs, 1_000);
    node.journal.flushIfFull();
    fill(node, 'a');
    assertThat(changelogs.executionsSent).isEmpty();
    node.journal.flushIfFull();
    changelogs.acknowledge();
    assertThat(changelogs.executions).containsKeys(execution(0), execution(8));
    assertThat(changelogs.timers).containsKeys(timer(0), timer(8));
  }

  @Test
  void shouldWriteNothingWhereNothingHasChanged() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    node.executions.put(execution(1), text("a"));
    node.executions.put(execution(1), null);
    node.journal.flush();
    node.timers.get(timer(1));
    node.journal.flush();
    // but a look whether the row that was deleted is below
    assertThat(changelogs.executionsSent).isEmpty();
    assertThat(changelogs.timersSent).isEmpty();
  }

  @Test
  void shouldKeepNoMoreChunksThanTheTwoLatestFlushesHave() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    fill(node, 'a');
    node.journal.flush();
    fill(node, 'b');
    node.journal.flush();
    assertThat(node.chunks()).isGreaterThan(4);
    changelogs.acknowledge();
    Node next = new Node(changelogs);
    next.journal.flush();
    for (int i = 0; i < 2; i++) {
      next.executions.put(execution(i), text("c"));
      next.journal.flush();
    }
    assertThat(next.chunks()).isEqualTo(2);
  }

  @Test
  void shouldWaitForTheBrokersTwiceForAllPartitionsOfAThread() {
    List<String> seen = new ArrayList<>();
    Changelogs[] changelogs = {new Changelogs(), new Changelogs()};
    RowJournals journals =
        new RowJournals(
            () -> {
              seen.add(changelogs[0].sent() + " and " + changelogs[1].sent());
              changelogs[0].acknowledge();
              changelogs[1].acknowledge();
            },
            () -> false);
    List<BufferedRows> buffers = new ArrayList<>();
    List<RowJournal> each = new ArrayList<>();
    for (Changelogs ofPartition : changelogs) {
      BufferedRows executions =
          new BufferedRows(
              new Logged(ofPartition.executions, ofPartition.executionsSent), false, ROOMY);
      BufferedRows timers =
          new BufferedRows(new Logged(ofPartition.timers, ofPartition.timersSent), true, ROOMY);
      each.add(journals.recovered(executions, timers));
      executions.put(execution(1), text("a"));
      timers.put(timer(1), text("a"));
      buffers.add(executions);
    }

    buffers.get(0).flushCache();
    buffers.get(1).flushCache();

    assertThat(seen).containsExactly("0 and 0", "1 and 1");
    assertThat(changelogs[1].sent()).isEqualTo(2);
    // one that has left is no longer flushed with others, but when it is asked itself
    each.get(1).leave();
    buffers.forEach(rows -> rows.put(execution(2), text("b")));
    seen.clear();
    buffers.get(0).flushCache();
    assertThat(seen).containsExactly("2 and 2", "1 and 0");
    seen.clear();
    buffers.get(1).flushCache();
    assertThat(seen).containsExactly("1 and 0", "0 and 1");
  }

  /** A deletion may be in the local store and not in the changelog. */
  @Test
  void shouldDeleteAgainWhatAFlushHadDeleted() {
    Changelogs changelogs = new Changelogs();
    Node node = new Node(changelogs);
    node.executions.put(execution(1), text("a"));
    node.journal.flush();
    node.executions.put(execution(1), null);
    node.journal.flush();
    // given that the deletion did not get through, and a node that has it in its directory
    changelogs.getThrough(changelogs.executionsSent.size() - 1, 0);
    assertThat(changelogs.executions).containsKey(execution(1));
    Node next = new Node(changelogs);
    next.executionsBelow.wrapped().put(execution(1), null);
    next.journal.flush();
    changelogs.acknowledge();
    assertThat(changelogs.executions).doesNotContainKey(execution(1));
  }
}
