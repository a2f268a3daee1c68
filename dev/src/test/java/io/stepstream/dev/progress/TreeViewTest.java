package io.stepstream.dev.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TreeViewTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String FRAME = "\r\u001b[J";

  private final StringWriter text = new StringWriter();

  @Test
  void shouldDrawOverWhatItDrewBefore() {
    ProgressView view = view("80x24");
    view.show(step(1, 0, "ExecutionStarted", null));
    view.show(step(2, 1, "WaitStateEntered", "Pause"));
    view.tick();
    view.show(step(3, 2, "WaitStateExited", "Pause"));
    view.show(step(4, 3, "ExecutionSucceeded", null));

    assertThat(text.toString()).contains("\u001b[2A" + FRAME);
    assertThat(lastFrame()).contains("✓ order  0.00s").contains("✓ Pause  0.00s");
  }

  @Test
  void shouldNeverBeHigherThanTheScreenNorWider() {
    ProgressView view = view("30x12");
    view.show(step(1, 0, "ExecutionStarted", null));
    for (int i = 1; i <= 40; i++) {
      view.show(step(2 * i, 2 * i - 1, "PassStateEntered", "AStateWithAVeryLongNameIndeed" + i));
      view.show(step(2 * i + 1, 2 * i, "PassStateExited", "AStateWithAVeryLongNameIndeed" + i));
    }
    view.tick();

    assertThat(lastFrame().lines().count()).isLessThan(12);
    assertThat(lastFrame().replaceAll("\u001b\\[[0-9;]*m", "").lines())
        .allMatch(line -> line.length() < 30);
  }

  private ProgressView view(String terminal) {
    return ProgressView.to(new PrintWriter(text), terminal, "order", START);
  }

  private String lastFrame() {
    String all = text.toString();
    return all.substring(all.lastIndexOf(FRAME) + FRAME.length());
  }

  private static HistoryStep step(long id, long previous, String type, @Nullable String name) {
    return new HistoryStep(id, previous, START, type, name, -1, -1, null, null, null);
  }
}
