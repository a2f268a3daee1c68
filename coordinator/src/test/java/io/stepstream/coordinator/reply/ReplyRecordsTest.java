package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.ReplyKind;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.codec.Payloads;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyRecordsTest {

  private static final ReplyTo CALL = new ReplyTo("node", 7L);
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00.123Z");

  static Stream<Reply> replies() {
    MapRunCounts counts = new MapRunCounts(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    return Stream.of(
        new Reply.Started(NOW),
        new Reply.AlreadyExists(),
        new Reply.Ended(ended(null, "E", "why")),
        new Reply.Stopped(NOW),
        new Reply.AlreadyEnded(NOW),
        new Reply.Exists(),
        new Reply.NoSuchExecution(),
        new Reply.MapRun(
            new MapRunDescription(
                "arn:run",
                "arn:exec",
                MapRunStatus.RUNNING,
                NOW,
                null,
                9,
                8,
                7.5,
                counts,
                counts,
                0,
                null,
                true)),
        new Reply.MapRun(
            new MapRunDescription(
                "arn:run",
                "arn:exec",
                MapRunStatus.FAILED,
                NOW,
                NOW,
                9,
                8,
                7.5,
                counts,
                counts,
                3,
                NOW,
                false)),
        new Reply.NoSuchMapRun(),
        new Reply.MapRunUpdated(MapRunUpdate.UPDATED),
        new Reply.MapRunUpdated(MapRunUpdate.ENDED),
        new Reply.MapRunsListed(
            new MapRunPage(
                List.of(
                    new MapRunPage.Listed(3, "arn:run", NOW, null),
                    new MapRunPage.Listed(2, "arn:run2", NOW, NOW)),
                true)),
        new Reply.Redriven(NOW),
        new Reply.NotRedrivable("a rule"),
        new Reply.TaskAccepted(),
        new Reply.TaskOver(),
        new Reply.TaskOffered(
            new OfferedTask("arn:exec", 3L, 4, NOW, "token", Payloads.of(new byte[] {'{', '}'}))),
        new Reply.TooManyPoll(),
        new Reply.Refused("a reason"));
  }

  private static ExecutionDescription ended(byte[] output, String error, String cause) {
    return new ExecutionDescription(
        "arn:exec",
        "arn:machine",
        "r1",
        "name",
        error == null ? ExecutionStatus.SUCCEEDED : ExecutionStatus.FAILED,
        NOW,
        NOW,
        new byte[] {'{', '}'},
        output,
        error,
        cause,
        "Root=1",
        0,
        null,
        null,
        null,
        null);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void shouldBringEveryReplyToItsCall(Reply reply) {
    CommandReply record = ReplyRecords.record(CALL, reply);

    assertThat(record.getReplyTo()).isEqualTo(CALL);
    assertThat(ReplyRecords.reply(record)).usingRecursiveComparison().isEqualTo(reply);
  }

  @Test
  void shouldBringAnOutputToItsCall() {
    Reply reply = new Reply.Ended(ended(new byte[] {'1'}, null, null));

    assertThat(ReplyRecords.reply(ReplyRecords.record(CALL, reply)))
        .usingRecursiveComparison()
        .isEqualTo(reply);
  }

  @Test
  void shouldKnowEveryKindOfReply() {
    Set<String> tested =
        replies().map(reply -> reply.getClass().getSimpleName()).collect(Collectors.toSet());

    assertThat(tested)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reply.class.getPermittedSubclasses()).map(Class::getSimpleName).toList());
  }

  /** As one of a newer release would be read, or one that somebody else has written. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "UNKNOWN",
        "STARTED",
        "ENDED",
        "STOPPED",
        "ALREADY_ENDED",
        "REDRIVEN",
        "MAP_RUN",
        "MAP_RUNS_LISTED"
      })
  void shouldGiveNoReplyWithoutWhatBelongsToIt(ReplyKind kind) {
    assertThat(ReplyRecords.reply(new CommandReply(CALL, kind, null, null, null))).isNull();
  }
}
