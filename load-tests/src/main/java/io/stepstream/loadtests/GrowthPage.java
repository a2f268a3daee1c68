package io.stepstream.loadtests;

import io.stepstream.loadtests.BarPlot.Bar;
import io.stepstream.loadtests.GrowthPoint.ByItems;
import io.stepstream.loadtests.GrowthPoint.ByOpen;
import io.stepstream.loadtests.GrowthPoint.ByPayload;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How costs grow, as one page of HTML, which refers to nothing outside of itself.
 *
 * @param brief the run was a short one, whose figures mean little
 * @param failures a sentence for each section that came to nothing
 */
record GrowthPage(Instant begun, boolean brief, List<GrowthPoint> points, List<String> failures) {

  private static final double MIB = 1 << 20;

  GrowthPage {
    points = List.copyOf(points);
    failures = List.copyOf(failures);
  }

  String html() {
    StringBuilder page = new StringBuilder();
    ReportPage.begin(page, "how costs grow", begun, brief, failures);
    plots().filter(plot -> !plot.bars().isEmpty()).forEach(plot -> page.append(plot.svg()));
    page.append("<pre>\n");
    points.forEach(point -> page.append(ReportPage.escaped(point.json())).append('\n'));
    return page.append("</pre>\n</body>\n</html>\n").toString();
  }

  private Stream<BarPlot> plots() {
    Function<ByPayload, String> payload =
        point -> "%s, %s B".formatted(point.scenario(), number(point.payloadBytes()));
    Function<ByItems, String> items = point -> "n = " + number(point.items());
    Function<ByOpen, String> open = point -> number(point.open()) + " open";
    String byPayload = "By payload";
    String byItems = "Map of n items";
    String byOpen = "Beside open executions: standard-task";
    return Stream.of(
        plot(
            ByPayload.class,
            byPayload,
            "executions per second",
            payload,
            point -> point.engine().throughput().perSecond()),
        plot(
            ByPayload.class,
            byPayload,
            "CPU-s per 1,000",
            payload,
            point -> point.engine().throughput().cpuSecondsPerThousand()),
        plot(
            ByPayload.class,
            byPayload,
            "bytes of logs per execution",
            payload,
            point -> point.engine().diskPerExecution().log()),
        plot(ByItems.class, byItems, "items per second", items, ByItems::itemsPerSecond),
        plot(
            ByItems.class, byItems, "CPU-s per 1,000 items", items, ByItems::cpuSecondsPerThousand),
        plot(
            ByItems.class,
            byItems,
            "bytes of logs per item",
            items,
            point -> point.run().disk().log() / point.items()),
        plot(
            ByOpen.class,
            byOpen,
            "executions per second",
            open,
            point -> point.engine().throughput().perSecond()),
        plot(
            ByOpen.class,
            byOpen,
            "CPU-s per 1,000",
            open,
            point -> point.engine().throughput().cpuSecondsPerThousand()),
        plot(
            ByOpen.class,
            "Each open execution",
            "bytes of state and changelogs",
            open,
            point -> point.diskPerOpened().log() + point.diskPerOpened().state()),
        plot(
            ByOpen.class,
            "Open executions",
            "MiB of heap after a collection",
            open,
            point -> point.memory().heapAfterGc() / MIB),
        plot(
            ByOpen.class,
            "Open executions",
            "MiB resident",
            open,
            point -> point.memory().resident().orElse(0) / MIB));
  }

  private <T extends GrowthPoint> BarPlot plot(
      Class<T> kind,
      String title,
      String unit,
      Function<T, String> label,
      ToDoubleFunction<T> value) {
    return new BarPlot(
        title,
        unit,
        false,
        points.stream()
            .filter(kind::isInstance)
            .map(kind::cast)
            .map(point -> new Bar(label.apply(point), value.applyAsDouble(point), "engine"))
            .toList());
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
