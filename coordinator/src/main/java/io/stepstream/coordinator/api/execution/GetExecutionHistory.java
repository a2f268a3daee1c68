package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.HistoryPage;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives an execution's history page by page. A page ends before its payloads outgrow a bound, as
 * AWS's do: 1,000 events of 256 KB each would not fit into memory many times.
 */
final class GetExecutionHistory implements Action {

  /** How many events are asked for at once; together they may be larger than a page. */
  private static final int CHUNK = 100;

  private static final int PAYLOAD_BYTES = 4 * 1024 * 1024;

  private final PayloadReader reader;
  private final Executions executions;
  private final HistoryTokens tokens;

  GetExecutionHistory(Executions executions, PageTokens tokens, PayloadReader reader) {
    this.reader = reader;
    this.executions = executions;
    this.tokens = new HistoryTokens(tokens);
  }

  @Override
  public String name() {
    return "GetExecutionHistory";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    boolean reverse = call.flag("reverseOrder", false);
    boolean payloads = call.flag("includeExecutionData", true);
    int maxResults = call.maxResults();
    return Arns.standardExecution(call.required("executionArn"))
        .then(
            arn ->
                position(call, arn, reverse)
                    .then(after -> page(new Page(arn, reverse, payloads, maxResults), after)));
  }

  private Checked<Long> position(Call call, String arn, boolean reverse) {
    String token = call.text("nextToken");
    return token == null ? new Valid<>(0L) : tokens.position(arn, reverse, token);
  }

  private CompletionStage<Answer> page(Page page, long after) {
    int wanted = Math.min(CHUNK, page.maxResults - page.events.size());
    return executions
        .history(page.arn, after, wanted, page.reverse)
        .thenCompose(
            chunk ->
                chunk
                    .map(events -> add(page, events))
                    .orElseGet(() -> Refusals.executionDoesNotExist(page.arn).now()));
  }

  private CompletionStage<Answer> add(Page page, HistoryPage chunk) {
    boolean full = false;
    for (HistoryEvent event : chunk.events()) {
      reader.read(event, page.arn, page.payloads);
      if (!page.add(event)) {
        full = true;
        break;
      }
    }
    boolean more = full || chunk.more();
    if (full || !chunk.more() || page.events.size() >= page.maxResults) {
      return CompletableFuture.completedFuture(answer(page, more));
    }
    return page(page, page.events.getLast().getId());
  }

  private Answer answer(Page page, boolean more) {
    String nextToken =
        more ? tokens.after(page.arn, page.reverse, page.events.getLast().getId()) : null;
    return Answer.success(
        json ->
            json.objects(
                    "events",
                    page.events,
                    event -> HistoryEventRenderer.write(json, event, page.payloads))
                .text("nextToken", nextToken));
  }

  /** A page under construction. Not thread safe; chunks arrive one after the other. */
  private static final class Page {
    private final String arn;
    private final boolean reverse;
    private final boolean payloads;
    private final int maxResults;
    private final List<HistoryEvent> events = new ArrayList<>();
    private long bytes;

    Page(String arn, boolean reverse, boolean payloads, int maxResults) {
      this.arn = arn;
      this.reverse = reverse;
      this.payloads = payloads;
      this.maxResults = maxResults;
    }

    /** False when the page is full. The first event always fits, or there would be no progress. */
    boolean add(HistoryEvent event) {
      long size = payloads ? payloadBytes(event.getDetails()) : 0;
      if (!events.isEmpty() && bytes + size > PAYLOAD_BYTES) {
        return false;
      }
      events.add(event);
      bytes += size;
      return true;
    }

    private static long payloadBytes(@Nullable HistoryEventDetails details) {
      if (details == null) {
        return 0;
      }
      long variables =
          details.getAssignedVariables() == null
              ? 0
              : details.getAssignedVariables().values().stream()
                  .mapToLong(ByteBuffer::remaining)
                  .sum();
      return variables
          + remaining(details.getInput())
          + remaining(details.getOutput())
          + remaining(details.getParameters());
    }

    private static int remaining(@Nullable ByteBuffer payload) {
      return Optional.ofNullable(payload).map(ByteBuffer::remaining).orElse(0);
    }
  }
}
