package io.stepstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Weeks of waiting in no time. */
class PaymentReminderTest {

  @Test
  void shouldWaitUntilTheDayAndThenAWeekBetweenReminders() throws IOException {
    TestMachine machine =
        TestMachine.load(Path.of("payment-reminder/machine.asl.json"))
            .startingAt(Instant.parse("2025-01-01T09:00:00Z"));
    TaskMock remind = machine.task("Remind").returns("{\"Payload\":{}}");

    machine
        .run(
            """
            {"email":"ada@example.com","dueAt":"2025-01-31T09:00:00Z","reminders":3,"daysBetween":7}
            """)
        .succeededWith("{\"customer\":\"ada@example.com\",\"sent\":3}")
        .took(Duration.ofDays(30 + 2 * 7));

    assertThat(remind.inputs())
        .hasSize(3)
        .last()
        .asString()
        .contains("\"message\":\"Reminder 3 of 3\"");
  }
}
