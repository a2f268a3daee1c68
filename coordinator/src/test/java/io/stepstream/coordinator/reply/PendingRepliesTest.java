package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ReplyTo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class PendingRepliesTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final PendingReplies replies = new PendingReplies("node");

  @Test
  void shouldAnswerTheCallThatAskedAndOnlyOnce() throws Exception {
    PendingReplies.Call first = replies.open(LONG);
    PendingReplies.Call second = replies.open(LONG);
    replies.complete(second.replyTo(), new Reply.Exists());
    replies.complete(second.replyTo(), new Reply.NoSuchExecution());
    assertThat(second.reply().get(1, TimeUnit.SECONDS)).isEqualTo(new Reply.Exists());
    assertThat(first.reply()).isNotDone();
  }

  @Test
  void shouldFailACallThatNobodyAnswersAndPassOverALateAnswer() {
    PendingReplies.Call call = replies.open(Duration.ofMillis(1));
    assertThatThrownBy(() -> call.reply().get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    replies.complete(call.replyTo(), new Reply.Exists());
    assertThat(call.reply()).isCompletedExceptionally();
  }

  @Test
  void shouldEndCallsThatWaitForWorkAndRefuseTheOthersWhenTheNodeStops() {
    PendingReplies.Call polls = replies.openIdle(LONG);
    PendingReplies.Call offered = replies.openIdle(LONG);
    PendingReplies.Call waits = replies.open(LONG);
    replies.complete(offered.replyTo(), new Reply.Exists());

    replies.endIdle();

    assertThatThrownBy(() -> polls.reply().get(1, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(offered.reply())
        .as("who was offered something")
        .isCompletedWithValue(new Reply.Exists());
    assertThat(waits.reply()).isNotDone();

    replies.refuse();

    assertThatThrownBy(() -> waits.reply().get(1, TimeUnit.SECONDS))
        .hasCauseInstanceOf(Unavailable.class)
        .hasMessageContaining("may have taken effect");
    assertThat(replies.isOver(waits.replyTo())).isTrue();
  }

  @Test
  void shouldKnowWhoseCallsAreOver() {
    PendingReplies.Call waits = replies.open(LONG);
    PendingReplies.Call answered = replies.open(LONG);
    PendingReplies.Call gaveUp = replies.open(LONG);
    replies.complete(answered.replyTo(), new Reply.Exists());
    replies.giveUp(gaveUp);
    replies.complete(gaveUp.replyTo(), new Reply.Exists());

    assertThat(gaveUp.reply()).isNotDone();
    assertThat(replies.isOver(gaveUp.replyTo())).isTrue();
    assertThat(replies.isOver(answered.replyTo())).isTrue();
    assertThat(replies.isOver(waits.replyTo())).isFalse();
    assertThat(replies.isOver(new ReplyTo("other", 1L))).as("nothing is known of it").isFalse();
  }

  @Test
  void shouldPassOverAnswersToOtherNodes() {
    PendingReplies.Call call = replies.open(LONG);
    replies.complete(
        new ReplyTo("other", call.replyTo().getCorrelationId()), new Reply.NoSuchExecution());
    assertThat(call.reply()).isNotDone();
  }

  @Test
  void shouldNotTakeAnswersToTheCallsOfItsFormerLife() {
    // given a node that restarts under its name while commands of its calls are still in the inbox
    PendingReplies.Call before = replies.open(LONG);
    PendingReplies restarted = new PendingReplies("node");
    PendingReplies.Call after = restarted.open(LONG);
    // when such a command is answered
    restarted.complete(before.replyTo(), new Reply.NoSuchExecution());
    // then it isn't taken for the answer to the first call of this life
    assertThat(after.reply()).isNotDone();
  }

  @Test
  void shouldRefuseCallsBeyondItsBoundUntilOthersAreAnswered() {
    List<PendingReplies.Call> calls = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (calls.size() <= 1_000_000) {
                calls.add(replies.open(LONG));
              }
            })
        .isInstanceOf(Unavailable.class);
    assertThat(calls).hasSize(20_000);
    replies.complete(calls.getFirst().replyTo(), new Reply.Exists());
    assertThat(replies.open(LONG).reply()).isNotDone();
  }
}
