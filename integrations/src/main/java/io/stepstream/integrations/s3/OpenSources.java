package io.stepstream.integrations.s3;

import io.stepstream.asl.items.ItemCursor;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.asl.items.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Sources that stay where they are until their next page is asked for. One that is not found here
 * is opened, and passes over what is before the page; so losing one costs time and nothing else.
 *
 * <p>Safe for use by several threads: one page of one source at a time, different sources side by
 * side. Sources that nobody reads just now are at most {@link #most}, each for at most {@link
 * #IDLE}.
 */
final class OpenSources implements AutoCloseable {

  static final Duration IDLE = Duration.ofSeconds(60);

  private static final class Open {
    final ItemSource source;
    final ItemCursor cursor;
    final ReentrantLock reading = new ReentrantLock();
    // The fields below belong to whoever holds the lock of all.
    int users;
    boolean dropped;
    long idleSinceNanos;

    Open(ObjectStore store, ItemSource source) {
      this.source = source;
      this.cursor = new ItemCursor(store, source);
    }
  }

  private final ObjectStore store;
  private final int most;
  private final LongSupplier nanos;

  /** Never held during I/O. */
  private final ReentrantLock lock = new ReentrantLock();

  /** In the order in which they were used last. */
  private final Map<String, Open> sources = new LinkedHashMap<>(16, 0.75f, true);

  /** Has a thread as long as there is something to close only. */
  private final ScheduledThreadPoolExecutor closing;

  private boolean closingPlanned;

  OpenSources(ObjectStore store, int most, LongSupplier nanos) {
    this.store = store;
    this.most = most;
    this.nanos = nanos;
    this.closing =
        new ScheduledThreadPoolExecutor(
            0, Thread.ofPlatform().daemon().name("stepstream-idle-sources").factory());
    closing.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * @param visit names who reads: the same for all pages of one reading
   */
  ItemPage read(String visit, ItemRequest request) throws IOException {
    List<Open> replaced = new ArrayList<>();
    Open open = take(visit, request.source(), replaced);
    close(replaced);
    boolean keep = false;
    open.reading.lock();
    try {
      ItemCursor.Page page =
          open.cursor.read(
              request.from(),
              request.pageItems(),
              Math.min(request.pageBytes(), ItemPage.MOST_BYTES));
      keep = !page.last();
      return new ItemPage(request.from(), page.items(), page.last());
    } finally {
      open.reading.unlock();
      // One that failed does not know where it is.
      close(release(visit, open, keep));
    }
  }

  private Open take(String visit, ItemSource source, List<Open> replaced) {
    lock.lock();
    try {
      Open open = sources.get(visit);
      if (open == null || !open.source.equals(source)) {
        Open next = new Open(store, source);
        sources.put(visit, next);
        if (open != null) {
          open.dropped = true;
          if (open.users == 0) {
            replaced.add(open);
          }
        }
        open = next;
      }
      open.users++;
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Says what is to be closed, outside of the lock. */
  private List<Open> release(String visit, Open open, boolean keep) {
    List<Open> unused = new ArrayList<>();
    lock.lock();
    try {
      open.users--;
      open.idleSinceNanos = nanos.getAsLong();
      if (!open.dropped && (!keep || closing.isShutdown())) {
        open.dropped = true;
        sources.remove(visit, open);
      }
      if (open.dropped && open.users == 0) {
        unused.add(open);
      }
      Iterator<Open> oldest = sources.values().iterator();
      for (int excess = sources.size() - most; excess > 0 && oldest.hasNext(); ) {
        Open candidate = oldest.next();
        if (candidate.users == 0) {
          candidate.dropped = true;
          unused.add(candidate);
          oldest.remove();
          excess--;
        }
      }
      planClosing();
      return unused;
    } finally {
      lock.unlock();
    }
  }

  private void planClosing() {
    if (!closingPlanned && !sources.isEmpty() && !closing.isShutdown()) {
      closingPlanned = true;
      closing.schedule(this::closeIdle, IDLE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Closes what nobody has read from for long enough. */
  void closeIdle() {
    List<Open> idle = new ArrayList<>();
    lock.lock();
    try {
      long now = nanos.getAsLong();
      for (Iterator<Open> all = sources.values().iterator(); all.hasNext(); ) {
        Open open = all.next();
        if (open.users == 0 && now - open.idleSinceNanos >= IDLE.toNanos()) {
          open.dropped = true;
          idle.add(open);
          all.remove();
        }
      }
      closingPlanned = false;
      planClosing();
    } finally {
      lock.unlock();
    }
    close(idle);
  }

  int size() {
    lock.lock();
    try {
      return sources.size();
    } finally {
      lock.unlock();
    }
  }

  private static void close(List<Open> unused) {
    for (Open open : unused) {
      try {
        open.cursor.close();
      } catch (IOException _) {
        // Nothing was to be read any more.
      }
    }
  }

  @Override
  public void close() {
    closing.shutdown();
    List<Open> unused = new ArrayList<>();
    lock.lock();
    try {
      for (Open open : sources.values()) {
        open.dropped = true;
        if (open.users == 0) {
          unused.add(open);
        }
      }
      sources.clear();
    } finally {
      lock.unlock();
    }
    close(unused);
  }
}
