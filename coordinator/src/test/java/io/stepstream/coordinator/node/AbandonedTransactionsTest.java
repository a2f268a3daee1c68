package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AbandonedTransactionsTest {

  private static final String GROUP = "stepstream-standard";
  private static final String HERE = GROUP + "-b772ee36-426e-4078-bd9e-575d113d0a19";
  private static final String GONE = GROUP + "-8fc577a4-1533-441e-9a84-94d2a14cf9bb";

  @Test
  void shouldFindThoseWhoseProcessIsNoMember() {
    assertThat(
            AbandonedTransactions.abandoned(
                GROUP,
                List.of(HERE + "-1", HERE + "-2", GONE + "-1", GONE + "-12"),
                List.of(HERE + "-StreamThread-1-consumer", HERE + "-StreamThread-2-consumer")))
        .containsExactlyInAnyOrder(GONE + "-1", GONE + "-12");
  }

  @Test
  void shouldLeaveAloneWhatAThreadOfAMemberHasLeft() {
    // A thread that was replaced has another number, and its process aborts what it has left.
    assertThat(
            AbandonedTransactions.abandoned(
                GROUP, List.of(HERE + "-1"), List.of(HERE + "-StreamThread-3-consumer")))
        .isEmpty();
  }

  @Test
  void shouldLeaveAloneWhatIsNotTheApplications() {
    assertThat(
            AbandonedTransactions.abandoned(
                GROUP,
                List.of(
                    "stepstream-definitions",
                    "orders-8fc577a4-1533-441e-9a84-94d2a14cf9bb-1",
                    GROUP + "-2-8fc577a4-1533-441e-9a84-94d2a14cf9bb-1",
                    GROUP + "-8fc577a4-1",
                    GONE + "-1-more"),
                List.of(HERE + "-StreamThread-1-consumer")))
        .isEmpty();
  }

  @Test
  void shouldFindNothingWhenAMemberTellsNoProcess() {
    assertThat(
            AbandonedTransactions.abandoned(
                GROUP,
                List.of(GONE + "-1"),
                List.of(HERE + "-StreamThread-1-consumer", "its-own-StreamThread-1-consumer")))
        .isEmpty();
  }

  @Test
  void shouldFindNothingWithoutMembers() {
    assertThat(AbandonedTransactions.abandoned(GROUP, List.of(GONE + "-1"), List.of())).isEmpty();
  }
}
