package io.stepstream.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every recorded case against the in-memory shell, with a table per category and a floor for each
 * level below which it fails. The folder is given by the system property {@code
 * stepstream.conformance}.
 */
class ConformanceTest {

  /** Per thousand of the cases that can tell a level, how many agree with it. It only rises. */
  private static final Map<Level, Integer> FLOOR =
      Map.of(Level.L1, 1000, Level.L2, 1000, Level.L3, 1000, Level.L4, 998, Level.L5, 953);

  /** Per thousand of the calls of TestState and of the validation that agree in everything. */
  private static final int FLOOR_OF_CHECKS = 1000;

  private static final Map<String, Predicate<RecordedCase>> SUMS = new LinkedHashMap<>();

  static {
    SUMS.put("executions, needs none/lambda", RecordedCase::isSelfContained);
    SUMS.put("executions, all", each -> each.kind().equals("execution"));
    SUMS.put("all that were run", _ -> true);
  }

  private static final Path REPORT = Path.of("target", "conformance", "report.md");

  @Test
  void shouldDoAsRecorded() throws IOException {
    String folder = System.getProperty("stepstream.conformance");
    String missing = "skipped: no -Dstepstream.conformance=FOLDER, nothing to compare with";
    if (folder == null) {
      System.out.println(getClass().getSimpleName() + " " + missing);
    }
    assumeTrue(folder != null, missing);
    List<RecordedCase> cases = RecordedCase.all(Path.of(String.valueOf(folder)));
    assertThat(cases).isNotEmpty();

    List<Verdict> verdicts = new ArrayList<>();
    List<RecordedCase> notRun = new ArrayList<>();
    for (RecordedCase each : cases) {
      Verdict verdict = verdict(each);
      if (verdict == null) {
        notRun.add(each);
      } else {
        verdicts.add(verdict);
      }
    }
    Map<String, Integer> kinds = new TreeMap<>();
    notRun.forEach(each -> kinds.merge(each.kind(), 1, Integer::sum));
    Report report = new Report(verdicts, SUMS, List.of("not run: " + kinds));
    System.out.println(report.table());
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report.markdown());
    for (Level level : Level.values()) {
      assertThat(report.perThousand(level))
          .as("per thousand that agree up to %s", level)
          .isGreaterThanOrEqualTo(FLOOR.get(level));
    }
    for (String kind : List.of("test-state", "validate")) {
      List<Verdict> all =
          verdicts.stream().filter(v -> v.recordedCase().kind().equals(kind)).toList();
      long passed = all.stream().filter(v -> v.difference() == null).count();
      assertThat(1000 * passed / Math.max(1, all.size()))
          .as("per thousand of the kind %s", kind)
          .isGreaterThanOrEqualTo(FLOOR_OF_CHECKS);
    }
  }

  /** Null: nothing runs such a case yet. */
  private static @Nullable Verdict verdict(RecordedCase recorded) {
    return switch (recorded.kind()) {
      case "execution" -> InMemoryRun.of(recorded).verdict();
      case "create-rejected" -> refused(recorded);
      case "validate" -> diagnosed(recorded);
      case "test-state" -> StateTestCheck.of(recorded);
      default -> null;
    };
  }

  private static DefinitionResult read(RecordedCase recorded) {
    return DefinitionReader.read(recorded.definition(), Format.JSON, recorded.machineType());
  }

  private static Verdict refused(RecordedCase recorded) {
    Set<Level> levels = EnumSet.of(Level.L1);
    if (recorded.recordedFromAws()) {
      levels.add(Level.L2);
    }
    if (!(read(recorded) instanceof DefinitionResult.Rejected rejected)) {
      return Verdict.failed(recorded, levels, Level.L1, "the definition was accepted");
    }
    Object message = ((Map<?, ?>) recorded.expect().get("apiError")).get("message");
    String difference = new Matcher(recorded).difference("message", message, rejected.message());
    return difference == null || !levels.contains(Level.L2)
        ? Verdict.all(recorded, levels)
        : Verdict.failed(recorded, levels, Level.L2, difference);
  }

  private static Verdict diagnosed(RecordedCase recorded) {
    List<List<Object>> expected = new ArrayList<>();
    for (Object each : (List<?>) recorded.expect().get("diagnostics")) {
      Map<?, ?> diagnostic = (Map<?, ?>) each;
      expected.add(
          Stream.of("severity", "code", "message", "location")
              .map(field -> (Object) String.valueOf(diagnostic.get(field)))
              .toList());
    }
    List<List<Object>> actual =
        read(recorded).problems().stream()
            .map(
                p ->
                    Stream.<Object>of(
                            p.severity(), p.code(), p.message(), String.valueOf(p.location()))
                        .map(field -> (Object) String.valueOf(field))
                        .toList())
            .toList();
    Set<Level> levels = EnumSet.of(Level.L1, Level.L2);
    String difference = new Matcher(recorded).difference("diagnostics", expected, actual);
    return difference == null
        ? Verdict.all(recorded, levels)
        : Verdict.failed(
            recorded,
            levels,
            expected.isEmpty() == actual.isEmpty() ? Level.L2 : Level.L1,
            difference);
  }
}
