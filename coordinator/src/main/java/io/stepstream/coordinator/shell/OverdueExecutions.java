package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.StoredExecutions;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The last resort of the Express lane: executions whose deadline passed long ago, and that should
 * have timed out. Their timers are gone with rows that something has destroyed, which the journal
 * can't help against: a process that stood still while it wrote them (ADR 0057). They time out now,
 * and whoever waits for them hears of it.
 *
 * <p>Not thread safe: one per partition.
 */
final class OverdueExecutions {

  private static final Logger LOG = LoggerFactory.getLogger(OverdueExecutions.class);

  /** Seldom and little at a time: there is nothing to be found. */
  static final Duration LOOKED_FOR_EVERY = Duration.ofMinutes(1);

  private static final int ROWS_PER_LOOK = 5_000;

  /** A busy node fires timers late. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final StoredExecutions stored;
  private final ExecutionRows executions;
  private final TimerRows timers;
  private final Runnable found;
  private final LongSupplier clock;

  /**
   * @param found is told of each
   * @param clock the partition's, which never goes back
   */
  OverdueExecutions(
      StoredExecutions stored,
      ExecutionRows executions,
      TimerRows timers,
      Runnable found,
      LongSupplier clock) {
    this.stored = stored;
    this.executions = executions;
    this.timers = timers;
    this.found = found;
    this.clock = clock;
  }

  void look() {
    long now = clock.getAsLong();
    stored.slice(
        ROWS_PER_LOOK,
        hash -> {
          ExecutionRow header = executions.header(hash);
          if (header != null
              && header.getStatus() == ExecutionStatus.RUNNING
              && header.getDeadline() != null
              && header.getDeadline().plus(LATE).toEpochMilli() < now) {
            String arn = header.getExecutionArn();
            try (var _ = MDC.putCloseable(Steps.EXECUTION, arn)) {
              LOG.warn("Execution {} has lost its timeout and ends", arn);
            }
            TimerKey timeout =
                new TimerKey(0, header.getRedriveCount(), TimerKey.Purpose.EXECUTION_TIMEOUT);
            timers.schedule(hash, timeout, now);
            found.run();
          }
        });
  }
}
