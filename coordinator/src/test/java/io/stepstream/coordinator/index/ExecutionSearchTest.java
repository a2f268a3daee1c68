package io.stepstream.coordinator.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.execution.FoundExecution;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.schemas.ExecutionStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The query language over a real index. */
class ExecutionSearchTest {

  private SearchableExecutions executions;

  @BeforeEach
  void fill(@TempDir Path directory) throws Exception {
    executions = new SearchableExecutions(directory);
    executions.run(
        "order-1",
        """
        {"order": {"id": 42, "note": "Leave it at the door", "tags": ["red", "green"],
          "price": 10.50, "gift": true}, "customer": {"e-mail": "ada@example.com"}}
        """);
    executions.run("order-2", "{\"order\": {\"id\": \"42\", \"lines\": [{\"sku\": \"A-7\"}]}}");
    executions.run("order-3", "{\"order\": {\"id\": 421, \"url\": \"https://example.com/x\"}}");
    executions.run("payment", "[1, \"door\"]");
    executions.end("order-2", ExecutionStatus.SUCCEEDED, "{\"receipt\": \"R-9\"}", null, null);
    executions.end(
        "order-3",
        ExecutionStatus.FAILED,
        null,
        "Payment.Declined",
        "The card was declined: code 51");
  }

  @AfterEach
  void close() throws Exception {
    executions.close();
  }

  private SearchOutcome search(SearchQuery query, @Nullable Long beyond, int limit) {
    return executions.search(query, beyond, limit).toCompletableFuture().join();
  }

  private static SearchQuery text(@Nullable String text) {
    return new SearchQuery(text, null, null, null, Set.of(), TimeRange.ANY, TimeRange.ANY, false);
  }

  private List<String> names(SearchQuery query) {
    return names((SearchOutcome.Found) search(query, null, 100));
  }

  private static List<String> names(SearchOutcome.Found found) {
    return found.executions().stream()
        .map(e -> e.execution().executionArn())
        .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
        .toList();
  }

  /** Names are given in the order of the alphabet, separated by blanks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        // values at paths, of numbers and of what looks like one
        "input.order.id:42 | order-1 order-2",
        "input.order.id:42.0 | order-1 order-2",
        "input.order.id:42* | order-1 order-2 order-3",
        "input.order.id:* | order-1 order-2 order-3",
        "input.order.price:10.5 | order-1",
        "input.order.gift:true | order-1",
        "input.order.tags:green | order-1",
        "input.order.lines.sku:A\\-7 | order-2",
        "input.order.lines.sku:A-7 | order-2",
        "input.order.url:\"https://example.com/x\" | order-3",
        "input.customer.e\\-mail:ada* | order-1",
        "input.customer.e-mail:\"ada@example.com\" | order-1",
        "input.order.note:Leave* | order-1",
        "input.order:42 | ''",
        "output.receipt:R-9 | order-2",
        // words and phrases
        "input:door | order-1 payment",
        "input:\"at the door\" | order-1",
        "input:\"door at\" | ''",
        "input:DO* | order-1 payment",
        "cause:declined | order-3",
        "cause:\"card was declined\" | order-3",
        "declined | order-3",
        "door | order-1 payment",
        "Payment.Declined | order-3",
        "payment | payment",
        "ord* | order-1 order-2 order-3",
        // what an execution is
        "name:order-* | order-1 order-2 order-3",
        "name:payment | payment",
        "machine:m AND status:FAILED | order-3",
        "machine:\"arn:aws:states:us-east-1:111111111111:stateMachine:m\" status:succeeded"
            + " | order-2",
        "machine:other | ''",
        "error:Payment.* | order-3",
        "error:Payment.Declined | order-3",
        "start:[2026-09-01T12:00:02Z TO 2026-09-01T12:00:03Z] | order-2 order-3",
        "start:{2026-09-01T12:00:02Z TO *] | order-3 payment",
        "start:[* TO 2026-09-01] | ''",
        "stop:[2026-09-01 TO *] | order-2 order-3",
        // put together
        "input:door AND NOT name:payment | order-1",
        "NOT status:RUNNING | order-2 order-3",
        "-status:RUNNING -status:FAILED | order-2",
        "(status:FAILED OR status:SUCCEEDED) input.order.id:42* | order-2 order-3",
        "door name:order-1 | order-1"
      })
  void shouldFind(String query, String names) {
    assertThat(names(text(query)))
        .containsExactlyInAnyOrder(names.isEmpty() ? new String[0] : names.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "` ` | 1 | The query is empty | Leave q out",
        "order.id:42 | 10 | There is no field 'order.id' | input.<path>",
        "input.:42 | 8 | There is no field 'input.' | input.<path>",
        "name:*x | 6 | * may only stand at the end | name:order-*",
        "name:a?b | 6 | * may only stand at the end | name:order-*",
        "name:a*b | 6 | * may only stand at the end | name:order-*",
        "* | 1 | * may only stand at the end | name:order-*",
        "machine:a* | 9 | machine can't be searched by its beginning | whole value",
        "machine:arn:aws:x | 12 | ':' is not expected here | double quotes",
        "a AND | 6 | The query ends too early | double quotes",
        "(a | 3 | The query ends too early | close what is opened",
        "input:\"a b | 11 | The query ends too early | close what is opened",
        "a ) b | 3 | ')' is not expected here | double quotes",
        "a~ | 2 | Words can't be fuzzy | Leave ~ out",
        "\"a b\"~3 | 6 | A phrase can't be near | Leave ~",
        "input:/a.b/ | 7 | There are no regular expressions | double quotes",
        "input.a:[1 TO 2] | 16 | input.a has no ranges | start and stop",
        "start:2026-01-01 | 7 | start:2026-01-01 is not a range | start:[2026",
        "start:[yesterday TO *] | 22 | 'yesterday' is not a time | 2026-01-31",
        "status:DONE | 8 | There is no status 'DONE' | RUNNING",
        "input:... | 7 | ... has no words | letters or digits"
      })
  void shouldSayWhatIsWrongAndWhereAndHowToMendIt(String query, int at, String what, String mend) {
    assertThat(search(text(query), null, 10))
        .isInstanceOfSatisfying(
            SearchOutcome.Malformed.class,
            malformed -> {
              assertThat(malformed.what()).contains(what);
              assertThat(malformed.mend()).contains(mend);
              assertThat(malformed.at()).isEqualTo(at);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"clauses", "parentheses", "characters"})
  void shouldBoundAQuery(String what) {
    String query =
        switch (what) {
          case "clauses" -> "a ".repeat(51);
          case "parentheses" -> "(".repeat(51) + "a" + ")".repeat(51);
          default -> "a".repeat(2001);
        };

    assertThat(search(text(query), null, 10))
        .isInstanceOfSatisfying(
            SearchOutcome.Malformed.class,
            malformed -> assertThat(malformed.what()).contains(what));
  }

  @Test
  void shouldNotFailWhateverIsWritten() {
    String characters = "ab:\"()[]{}^~*?\\/+-! AND OR NOT TO\n&|.0";
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      StringBuilder query = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        query.append(characters.charAt(random.nextInt(characters.length())));
      }
      // Found or refused; anything else is thrown.
      assertThat(search(text(query.toString()), null, 10)).as(query.toString()).isNotNull();
    }
  }

  @Test
  void shouldHeedTheParametersBesideTheText() {
    assertThat(
            names(
                new SearchQuery(
                    null,
                    "m",
                    "order-",
                    null,
                    Set.of(ExecutionStatus.RUNNING, ExecutionStatus.FAILED),
                    TimeRange.ANY,
                    TimeRange.ANY,
                    true)))
        .containsExactly("order-1", "order-3");
    assertThat(
            names(
                new SearchQuery(
                    null,
                    null,
                    null,
                    "Payment.Declined",
                    Set.of(),
                    new TimeRange(SearchableExecutions.START, null),
                    new TimeRange(null, SearchableExecutions.START.plusSeconds(64)),
                    false)))
        .containsExactly("order-3");
    assertThat(
            names(
                new SearchQuery(
                    null,
                    null,
                    null,
                    null,
                    Set.of(),
                    TimeRange.ANY,
                    new TimeRange(null, SearchableExecutions.START.plusSeconds(63)),
                    false)))
        .as("the end is not in the range")
        .containsExactly("order-2");
  }

  @Test
  void shouldGiveTheLatestFirstPageByPageAndCountAll() {
    for (boolean oldestFirst : new boolean[] {false, true}) {
      SearchQuery query =
          new SearchQuery(
              null, null, null, null, Set.of(), TimeRange.ANY, TimeRange.ANY, oldestFirst);
      List<String> seen = new ArrayList<>();
      Long beyond = null;
      SearchOutcome.Found page;
      do {
        page = (SearchOutcome.Found) search(query, beyond, 3);
        assertThat(page.total()).isEqualTo(4);
        assertThat(page.lowerBound()).isFalse();
        seen.addAll(names(page));
        beyond = page.executions().getLast().execution().position();
      } while (page.more());

      List<String> expected = Arrays.asList("order-3", "order-2", "payment", "order-1");
      assertThat(seen).isEqualTo(oldestFirst ? expected.reversed() : expected);
    }
  }

  @Test
  void shouldTellTheErrorAndTheBeginningOfTheCause() {
    executions.run("long", "{}");
    executions.end("long", ExecutionStatus.FAILED, null, "E", "word ".repeat(2000));

    FoundExecution found =
        ((SearchOutcome.Found) search(text("error:E"), null, 1)).executions().getFirst();

    assertThat(found.error()).isEqualTo("E");
    assertThat(found.cause()).hasSize(256);
  }

  @Test
  void shouldCountWhatIsNotWhollyInTheIndex() {
    executions.run("many", "[" + "1,".repeat(500) + "1]");
    executions.run("broken", "{\"a\": \"found\", ");

    SearchOutcome.Found found = (SearchOutcome.Found) search(text("input.a:found"), null, 10);

    assertThat(found.partlyIndexed()).isEqualTo(2);
    assertThat(names(found)).containsExactly("broken");
    assertThat(found.executions().getFirst().partlyIndexed()).containsExactly("input");
  }

  @ParameterizedTest
  @CsvSource({"2, 2, false", "3, 2, true"})
  void shouldCountNoFurtherThanItMay(
      int matching, int total, boolean lowerBound, @TempDir Path directory) throws Exception {
    SearchLimits limits = new SearchLimits(SearchLimits.DEFAULT.time(), 2, 10);
    try (SearchableExecutions few = new SearchableExecutions(directory, limits)) {
      IntStream.range(0, matching).forEach(i -> few.run("same-" + i, "{}"));
      few.run("other", "{}");

      SearchQuery query =
          new SearchQuery(null, null, "same", null, Set.of(), TimeRange.ANY, TimeRange.ANY, false);
      SearchOutcome.Found found =
          (SearchOutcome.Found) few.search(query, null, 1).toCompletableFuture().join();

      assertThat(found.total()).isEqualTo(total);
      assertThat(found.lowerBound()).isEqualTo(lowerBound);
      assertThat(names(found)).containsExactly("same-" + (matching - 1));
    }
  }

  @Test
  void shouldGiveUpASearchThatTakesTooLong(@TempDir Path directory) throws Exception {
    SearchLimits noTime = new SearchLimits(Duration.ZERO, SearchLimits.DEFAULT.counted(), 10);
    try (SearchableExecutions slow = new SearchableExecutions(directory, noTime)) {
      slow.run("one", "{}");

      assertThat(slow.search(text(null), null, 1))
          .isCompletedWithValue(new SearchOutcome.TooSlow());
    }
  }
}
