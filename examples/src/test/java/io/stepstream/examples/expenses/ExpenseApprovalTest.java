package io.stepstream.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The answer is that of whoever has the token. */
class ExpenseApprovalTest {

  private static final String EXPENSE =
      "{\"expenseId\":\"E-9\",\"amountCents\":48000,\"waitSeconds\":86400}";

  private final TestMachine machine;
  private final TaskMock approver;

  ExpenseApprovalTest() throws IOException {
    machine = TestMachine.load(Path.of("expense-approval/machine.asl.json"));
    approver = machine.task("AskApprover");
  }

  @Test
  void shouldTakeTheAnswerOfAPersonHoursLater() {
    approver.after(Duration.ofHours(5)).returns("{\"by\":\"ada\"}");

    machine
        .run(EXPENSE)
        .succeededWith("{\"expenseId\":\"E-9\",\"status\":\"APPROVED\",\"by\":\"ada\"}")
        .took(Duration.ofHours(5));

    assertThat(approver.inputs()).first().asString().contains("\"token\":\"");
  }

  @Test
  void shouldEscalateAfterADayOfSilence() {
    approver.hangs();

    machine
        .run(EXPENSE)
        .succeededWith("{\"expenseId\":\"E-9\",\"status\":\"ESCALATED\"}")
        .took(Duration.ofDays(1));
  }

  @Test
  void shouldAskNobodyForSmallAmounts() {
    machine
        .run("{\"expenseId\":\"E-9\",\"amountCents\":5000,\"waitSeconds\":1}")
        .succeeded()
        .visited("IsSmall", "Approved");
  }
}
