package io.stepstream.asl.engine;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a frame waits for. */
public sealed interface Awaits {

  /**
   * A worker's answer.
   *
   * @param timeoutMillis when the attempt times out; null: never
   * @param heartbeatSeconds how long the worker may be silent; null: for ever
   * @param heartbeatDueMillis of the heartbeat's timer, which does not move with each beat, so that
   *     whoever ends the wait knows which timer to cancel; null: there is none
   * @param offeredMillis when the task was put before the workers of its activity, none of which
   *     has taken it yet; null: it is no activity's, or it was taken
   * @param childArn the execution that a {@code .sync} task has started and which is stopped with
   *     it; null: none is known
   * @param job what the worker has submitted; null: nothing that outlives its order
   * @param scheduledMillis when the attempt was handed over; null: it was by a release that didn't
   *     note it
   * @param takenMillis when a worker has taken it, of an activity's; null: of no activity's, or
   *     none has
   */
  record Task(
      String resource,
      @Nullable Long timeoutMillis,
      @Nullable Integer heartbeatSeconds,
      long lastHeartbeatMillis,
      @Nullable Long heartbeatDueMillis,
      @Nullable Long offeredMillis,
      @Nullable String childArn,
      @Nullable Job job,
      @Nullable Long scheduledMillis,
      @Nullable Long takenMillis)
      implements Awaits {

    /** The worker has just told that it is alive. */
    Task beaten(long nowMillis) {
      return new Task(
          resource,
          timeoutMillis,
          heartbeatSeconds,
          nowMillis,
          heartbeatDueMillis,
          offeredMillis,
          childArn,
          job,
          scheduledMillis,
          takenMillis);
    }

    Task withHeartbeatDue(long dueMillis) {
      return new Task(
          resource,
          timeoutMillis,
          heartbeatSeconds,
          lastHeartbeatMillis,
          dueMillis,
          offeredMillis,
          childArn,
          job,
          scheduledMillis,
          takenMillis);
    }

    /** A worker has taken the task; its silence counts from now on. */
    Task taken(long nowMillis) {
      Long due = heartbeatSeconds == null ? null : nowMillis + heartbeatSeconds * 1000L;
      return new Task(
          resource,
          timeoutMillis,
          heartbeatSeconds,
          nowMillis,
          due,
          null,
          null,
          null,
          scheduledMillis,
          nowMillis);
    }

    /** The execution that the task waits for has started. */
    Task withChild(String arn) {
      return new Task(
          resource,
          timeoutMillis,
          heartbeatSeconds,
          lastHeartbeatMillis,
          heartbeatDueMillis,
          offeredMillis,
          arn,
          job,
          scheduledMillis,
          takenMillis);
    }

    Task withJob(Job submitted) {
      return new Task(
          resource,
          timeoutMillis,
          heartbeatSeconds,
          lastHeartbeatMillis,
          heartbeatDueMillis,
          offeredMillis,
          childArn,
          submitted,
          scheduledMillis,
          takenMillis);
    }
  }

  /**
   * A job at some service, which a worker looks at from time to time until it has ended.
   *
   * @param reference by which a worker finds it again; the core doesn't look into it
   * @param sinceMillis when its submission was told
   * @param nextLookMillis when a worker is asked to look next; null: one has been asked, and hasn't
   *     answered yet
   * @param unanswered how many looks in a row the service has not answered
   */
  record Job(String reference, long sinceMillis, @Nullable Long nextLookMillis, int unanswered) {

    Job lookedAt(long nextMillis, int unansweredNow) {
      return new Job(reference, sinceMillis, nextMillis, unansweredNow);
    }

    Job underLook() {
      return new Job(reference, sinceMillis, null, unanswered);
    }
  }

  /** A Wait state's moment. */
  record Time(long untilMillis) implements Awaits {}

  /** The end of a retry's delay; then the state runs again without being entered again. */
  record Retry(long untilMillis) implements Awaits {}

  /** A further step, since this one had used up its transitions; then the state is entered. */
  record Continuation() implements Awaits {}

  /**
   * Nothing but a redrive: the execution has ended while it was in this state, which is then run
   * again without being entered again.
   */
  record Redrive() implements Awaits {}

  /**
   * The branches of a Parallel state; branch i runs in frame {@code container + 1 + i}.
   *
   * @param container an id of its own for each visit of the state, which the result rows are under:
   *     ids never repeat, so rows of an earlier visit that are still being deleted can't meet those
   *     of a later one
   * @param active frames of the branches under way
   */
  record Branches(long container, int count, int completed, List<Long> active) implements Awaits {}

  /**
   * The iterations of an inline Map: a window that moves over the items.
   *
   * @param container as for {@link Branches}; item and result rows are under it
   * @param cursor the next item to start
   * @param itemsPerChunk item i lies in chunk {@code i / itemsPerChunk}
   * @param active frames of the iterations under way, at most {@code maxConcurrency}
   */
  record Items(
      long container,
      int count,
      int cursor,
      int completed,
      int maxConcurrency,
      int itemsPerChunk,
      List<Long> active)
      implements Awaits {}

  /**
   * A distributed Map: its shards, which run the child executions, come and go.
   *
   * @param container as for {@link Branches}; items that wait for their shard and results that
   *     shards have sent are under it
   * @param id the last part of the Map run's ARN
   * @param source where the items come from
   * @param taken items that have been taken from there
   * @param carried items of a batch that is not full, in a row of their own
   * @param children child executions planned so far, over all shards
   * @param shards shards begun so far
   * @param maxConcurrency child executions at a time, as the user has it; 0: no bound of his
   * @param toleratedCount failed items that are borne; null: the user names no number
   * @param toleratedPercentage as the count; when both are null no failure is borne
   * @param resultBytes size of the results that shards have sent
   * @param ended what shards that are no more have done
   * @param live shards under way, a bounded number of them
   * @param resting shards that have ended with failures, and rest until the Map run has ended or is
   *     redriven
   * @param pending shards that a redrive has still to resume; what has failed in them is to be
   *     redriven
   * @param phase what is waited for besides shards
   * @param startMillis when the Map run began
   * @param redriveCount how often it was redriven
   * @param redriveMillis when it was redriven last; null: never
   */
  record MapRun(
      long container,
      String id,
      Source source,
      long taken,
      int carried,
      long children,
      int shards,
      int maxConcurrency,
      @Nullable Long toleratedCount,
      @Nullable Double toleratedPercentage,
      long resultBytes,
      Progress ended,
      List<LiveShard> live,
      RestingShards resting,
      RestingShards pending,
      Phase phase,
      long startMillis,
      int redriveCount,
      @Nullable Long redriveMillis)
      implements Awaits {

    public MapRun {
      live = List.copyOf(live);
    }

    /** With what the user has changed; what he left out stays. */
    MapRun with(Event.MapRunUpdated update) {
      return new MapRun(
          container,
          id,
          source,
          taken,
          carried,
          children,
          shards,
          update.maxConcurrency() == null ? maxConcurrency : update.maxConcurrency(),
          update.toleratedCount() == null ? toleratedCount : update.toleratedCount(),
          update.toleratedPercentage() == null ? toleratedPercentage : update.toleratedPercentage(),
          resultBytes,
          ended,
          live,
          resting,
          pending,
          phase,
          startMillis,
          redriveCount,
          redriveMillis);
    }

    /** Under way again: what has failed is still to be done. */
    MapRun redriven(long nowMillis) {
      return new MapRun(
          container,
          id,
          source,
          taken,
          carried,
          children,
          shards,
          maxConcurrency,
          toleratedCount,
          toleratedPercentage,
          resultBytes,
          ended,
          live.stream().map(LiveShard::redriven).toList(),
          RestingShards.NONE,
          pending.plus(resting),
          switch (phase) {
            // What was asked for is asked for again.
            case TAKING, READING -> Phase.TAKING;
            case FINISHING, WRITING -> Phase.FINISHING;
          },
          startMillis,
          redriveCount + 1,
          nowMillis);
    }

    /** Where the items of a Map run come from. */
    public sealed interface Source {}

    /**
     * The state's input; the items lie in chunks.
     *
     * @param itemsPerChunk item i lies in chunk {@code i / itemsPerChunk}
     */
    public record Stored(int count, int itemsPerChunk) implements Source {}

    /**
     * The state's ItemReader, asked for a page at a time.
     *
     * @param cursor what the latest page said of where the next one begins; null: nothing, or there
     *     was none yet
     */
    public record Read(@Nullable String cursor) implements Source {}

    public enum Phase {
      /** Items are still to be taken, and nobody has been asked for any. */
      TAKING,
      /** A page of items has been asked for. */
      READING,
      /** All items are with shards. */
      FINISHING,
      /** The manifest of the results is being written. */
      WRITING
    }
  }

  /**
   * What child executions have come to, cumulative: the later of two reports makes the earlier one
   * void.
   *
   * @param items in those children: with batches, more than there are children
   */
  record Progress(Tally children, Tally items) {

    static final Progress NONE = new Progress(Tally.NONE, Tally.NONE);

    /** One child that has ended. */
    static Progress of(Execution.Status end, long items) {
      return new Progress(Tally.of(end, 1), Tally.of(end, items));
    }

    Progress plus(Progress other) {
      return new Progress(children.plus(other.children), items.plus(other.items));
    }

    Progress minus(Progress other) {
      return new Progress(children.minus(other.children), items.minus(other.items));
    }

    /** What a redrive keeps of it. */
    Progress succeeded() {
      return new Progress(children.onlySucceeded(), items.onlySucceeded());
    }
  }

  /** How many have ended, by how they did. */
  record Tally(long succeeded, long failed, long timedOut, long aborted) {

    static final Tally NONE = new Tally(0, 0, 0, 0);

    static Tally of(Execution.Status end, long count) {
      return switch (end) {
        case SUCCEEDED -> new Tally(count, 0, 0, 0);
        case FAILED -> new Tally(0, count, 0, 0);
        case TIMED_OUT -> new Tally(0, 0, count, 0);
        case ABORTED -> new Tally(0, 0, 0, count);
        case RUNNING -> throw new IllegalArgumentException("what runs has not ended");
      };
    }

    Tally plus(Tally other) {
      return new Tally(
          succeeded + other.succeeded,
          failed + other.failed,
          timedOut + other.timedOut,
          aborted + other.aborted);
    }

    List<Object> row() {
      return List.of(succeeded, failed, timedOut, aborted);
    }

    static Tally of(List<?> row) {
      return new Tally(number(row, 0), number(row, 1), number(row, 2), number(row, 3));
    }

    private static long number(List<?> row, int index) {
      return ((Number) row.get(index)).longValue();
    }

    Tally minus(Tally other) {
      return new Tally(
          succeeded - other.succeeded,
          failed - other.failed,
          timedOut - other.timedOut,
          aborted - other.aborted);
    }

    Tally onlySucceeded() {
      return new Tally(succeeded, 0, 0, 0);
    }

    /** What counts against the tolerated failures. */
    public long unsuccessful() {
      return failed + timedOut + aborted;
    }

    public long ended() {
      return succeeded + unsuccessful();
    }
  }

  /**
   * A shard as the Map state knows it.
   *
   * @param children child executions in it
   * @param window child executions that it may run at a time
   * @param seq of its latest report
   * @param parts in which its results have come so far
   * @param redrives children that had failed before the latest redrive, and have not ended again
   */
  record LiveShard(
      int number, int children, int window, int seq, Progress progress, int parts, long redrives) {

    /** Children that have not ended, as far as is known. */
    long open() {
      return children - progress.children().ended();
    }

    LiveShard withWindow(int permits) {
      return new LiveShard(number, children, permits, seq, progress, parts, redrives);
    }

    /** Children that run: a shard begins as many as it may. */
    long running() {
      return Math.min(window, open());
    }

    /** Children that had failed and don't run yet; a shard begins them before all others. */
    long pendingRedrive() {
      return Math.max(0, redrives - running());
    }

    /** With the last that it told. */
    LiveShard ended(Progress last, int lastParts) {
      return new LiveShard(number, children, 0, seq, last, lastParts, 0);
    }

    /** While it rests: all but its number, windows and redrives. */
    List<Object> row() {
      return List.of(children, seq, parts, progress.children().row(), progress.items().row());
    }

    static LiveShard of(int number, List<?> row) {
      return new LiveShard(
          number,
          ((Number) row.get(0)).intValue(),
          0,
          ((Number) row.get(1)).intValue(),
          new Progress(Tally.of((List<?>) row.get(3)), Tally.of((List<?>) row.get(4))),
          ((Number) row.get(2)).intValue(),
          0);
    }

    /**
     * Its Map run is redriven: what ran when that failed counts as aborted. Parts of results stay
     * until it tells others: maybe it has told that it has succeeded, and is no more.
     */
    LiveShard redriven() {
      long unsuccessful = progress.children().unsuccessful() + running();
      return new LiveShard(number, children, 0, seq, progress.succeeded(), parts, unsuccessful);
    }

    /** After a report. The window only shrinks by it: what was granted meanwhile it didn't know. */
    LiveShard told(int reportSeq, Progress reported, int needed) {
      long ended = reported.children().ended() - progress.children().ended();
      return new LiveShard(
          number,
          children,
          Math.min(window, needed),
          reportSeq,
          reported,
          parts,
          Math.max(0, redrives - ended));
    }

    /** After a part of its results, which may have come before. */
    LiveShard withPart(int part) {
      return new LiveShard(
          number, children, window, seq, progress, Math.max(parts, part + 1), redrives);
    }
  }

  /**
   * Shards that rest, any number of them: what is known of each is in a row of its own.
   *
   * @param numbers which
   * @param progress of all together
   */
  record RestingShards(BitSet numbers, Progress progress) {

    public static final RestingShards NONE = new RestingShards(new BitSet(), Progress.NONE);

    public RestingShards {
      numbers = (BitSet) numbers.clone();
    }

    boolean isEmpty() {
      return numbers.isEmpty();
    }

    RestingShards plus(RestingShards others) {
      BitSet all = (BitSet) numbers.clone();
      all.or(others.numbers);
      return new RestingShards(all, progress.plus(others.progress));
    }

    RestingShards with(int number, Progress ofShard) {
      BitSet all = (BitSet) numbers.clone();
      all.set(number);
      return new RestingShards(all, progress.plus(ofShard));
    }

    RestingShards without(int number, Progress ofShard) {
      BitSet others = (BitSet) numbers.clone();
      others.clear(number);
      return new RestingShards(others, progress.minus(ofShard));
    }
  }

  /**
   * The child executions of one shard of a Map run: a window that moves over their inputs, at
   * whatever partition the shard lives.
   *
   * @param run what the shard is of
   * @param container inputs, one row each, and results, one row each, are under it
   * @param cursor the next child to start
   * @param window how many may run at a time
   * @param active the children under way, a bit each, so that a step costs the same with many of
   *     them as with few
   * @param seq of the latest report
   * @param reported what the latest report told
   * @param reportDue a timer will report
   * @param sent results that have been handed over, once all children have ended
   * @param parts in which they were
   * @param writing keys of objects, or names of batches, with results that are being written
   * @param files objects that have been written, as the manifest names them; of a topic, one object
   *     with the spans of its partitions
   * @param failed children that have ended without success, or were stopped before the shard
   *     rested; their inputs are kept
   * @param again children that ended so before the redrive and have not begun since; they begin
   *     before all others
   * @param resting it has nothing to do unless the Map run is redriven
   */
  record Shard(
      ShardOf run,
      long container,
      int count,
      int cursor,
      int window,
      BitSet active,
      Progress progress,
      int seq,
      Progress reported,
      boolean reportDue,
      int sent,
      int parts,
      List<String> writing,
      List<String> files,
      BitSet failed,
      BitSet again,
      boolean resting)
      implements Awaits {

    public Shard {
      active = (BitSet) active.clone();
      failed = (BitSet) failed.clone();
      again = (BitSet) again.clone();
      writing = List.copyOf(writing);
      files = List.copyOf(files);
    }
  }

  /**
   * What a shard is told when it begins.
   *
   * @param executionArn the execution of the Map state
   * @param frameId the Map state's frame
   * @param mapRunArn its last part and the children's numbers make their names
   * @param firstChild number of the shard's first child within the Map run
   * @param express whether the children are Express
   * @param batched the children's inputs are batches of items
   * @param transformation what becomes of results: NONE, COMPACT or FLATTEN
   * @param destination where results are written; null: they go to the Map state
   * @param redrive how often the Map run has been redriven
   */
  record ShardOf(
      String executionArn,
      long frameId,
      int epoch,
      String mapRunArn,
      String flow,
      int number,
      long firstChild,
      boolean express,
      boolean batched,
      String transformation,
      @Nullable Destination destination,
      int redrive) {

    ShardOf redriven(int epochNow, int redriveNow) {
      return new ShardOf(
          executionArn,
          frameId,
          epochNow,
          mapRunArn,
          flow,
          number,
          firstChild,
          express,
          batched,
          transformation,
          destination,
          redriveNow);
    }
  }

  /** Where the results of a Map run are written. */
  sealed interface Destination {

    /**
     * Objects of S3, each with many results.
     *
     * @param arguments of S3's putObject, a JSON object without Key
     * @param folder what the keys of all written objects begin with
     * @param lines true: JSONL
     */
    record Bucket(String arguments, String folder, boolean lines) implements Destination {}

    /**
     * A topic of Kafka, a record for each result.
     *
     * @param arguments of the ResultWriter, a JSON object
     */
    record Topic(String arguments) implements Destination {}
  }
}
