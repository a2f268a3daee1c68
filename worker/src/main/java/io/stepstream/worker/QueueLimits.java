package io.stepstream.worker;

import io.stepstream.schemas.QueueControl;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells each queue's gate this worker's share, from the limits and from who is present.
 *
 * <p>The share is the smallest of the last {@value #LOOKS} looks at who is present. So a worker
 * gives up at the first look what it takes over at the third, when all others have had theirs (ADR
 * 0042).
 *
 * <p>Thread safe.
 */
final class QueueLimits {

  static final int LOOKS = 3;

  private final Map<String, Limited> queues = new HashMap<>();

  private static final class Limited {
    final QueueGate gate;

    /** The newest first; empty: the worker wasn't among those present. */
    final Deque<Optional<Standing>> looks = new ArrayDeque<>();

    @Nullable QueueControl control;

    Limited(QueueGate gate) {
      this.gate = gate;
    }

    void apply() {
      QueueControl limits = control;
      if (limits == null) {
        gate.set(QueueShare.UNLIMITED);
        return;
      }
      QueueShare share =
          looks.stream()
              .map(standing -> QueueShare.of(limits, standing.orElse(null)))
              .reduce(QueueShare.UNLIMITED, QueueShare::smaller);
      gate.set(looks.size() < LOOKS ? share.smaller(QueueShare.of(limits, null)) : share);
    }
  }

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   */
  QueueLimits(Collection<String> served, LongSupplier nanos) {
    served.forEach(queue -> queues.put(queue, new Limited(new QueueGate(nanos))));
  }

  QueueGate gate(String queue) {
    Limited limited = queues.get(queue);
    if (limited == null) {
      throw new IllegalArgumentException("this worker doesn't serve the queue " + queue);
    }
    return limited.gate;
  }

  List<QueueGate> gates() {
    return queues.values().stream().map(limited -> limited.gate).toList();
  }

  /** The limits of all queues; one that isn't among them has none. */
  synchronized void replace(Map<String, QueueControl> controls) {
    queues.forEach(
        (queue, limited) -> {
          limited.control = controls.get(queue);
          limited.apply();
        });
  }

  /**
   * The limits of one queue, which this worker may serve or not.
   *
   * @param control null: it has none any more
   */
  synchronized void change(String queue, @Nullable QueueControl control) {
    Limited limited = queues.get(queue);
    if (limited != null) {
      limited.control = control;
      limited.apply();
    }
  }

  /** What a look has shown. */
  synchronized void look(String queue, @Nullable Standing standing) {
    Limited limited = queues.get(queue);
    if (limited != null) {
      limited.looks.addFirst(Optional.ofNullable(standing));
      if (limited.looks.size() > LOOKS) {
        limited.looks.removeLast();
      }
      limited.apply();
    }
  }
}
