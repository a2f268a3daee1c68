package io.stepstream.coordinator.execution;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of what Standard executions do as it is committed. Whoever listens is called by a thread
 * that reads for all, so it must be quick and must not throw.
 */
public interface LiveEvents {

  /** Ends what is listened to. More than once is as once. */
  interface Following extends AutoCloseable {

    /** There is {@link Changes#hasRoom room} again. */
    void goOn();

    @Override
    void close();
  }

  /** Listens to changes of status. */
  interface Changes {

    /**
     * An execution began, went on or ended.
     *
     * @param next where to go on after this
     */
    void changed(StatusChange change, LogPosition next);

    /** Something was asked for that is no longer kept. */
    void lost();

    /**
     * Whether many more can be taken. Asked before what is in the past is read; what happens now is
     * told in any case.
     */
    boolean hasRoom();

    /** Nothing more will come: this node reads no longer. */
    void interrupted();
  }

  /**
   * Follows one execution.
   *
   * @param grown told the id of the first of new events, which the history has or will have soon
   * @param interrupted as {@link Changes#interrupted}
   * @throws Unavailable while this node doesn't follow the log
   */
  Following follow(String executionArn, LongConsumer grown, Runnable interrupted);

  /**
   * Follows all executions.
   *
   * @param from as a change has told it; null: from now on
   * @throws Unavailable as above
   * @throws IllegalArgumentException when {@code from} is not of this log
   */
  Following follow(@Nullable LogPosition from, Changes changes);

  /**
   * Where {@link #follow} would begin now.
   *
   * @throws Unavailable as above
   */
  LogPosition now();
}
