package io.stepstream.loadtests;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars as SVG.
 *
 * @param logarithmic a tenth of the width is lost per power of ten less, so that small values are
 *     seen beside large ones
 */
record BarPlot(String title, String unit, boolean logarithmic, List<Bar> bars) {

  private static final int LABEL_WIDTH = 170;
  private static final int BAR_WIDTH = 480;
  private static final int VALUE_WIDTH = 130;
  private static final int ROW = 22;
  private static final int HEAD = 30;

  BarPlot {
    bars = List.copyOf(bars);
  }

  /**
   * @param kind the class that gives the bar its colour
   */
  record Bar(String label, double value, String kind) {}

  String svg() {
    int width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH;
    int height = HEAD + ROW * bars.size();
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n"
                .formatted(width, height, width, height));
    svg.append(
        "<text class=\"title\" x=\"0\" y=\"16\">%s, %s%s</text>%n"
            .formatted(
                ReportPage.escaped(title),
                ReportPage.escaped(unit),
                logarithmic ? " (logarithmic)" : ""));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = HEAD + i * ROW;
      double length = BAR_WIDTH * part(bar.value());
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                  + "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                  + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
              LABEL_WIDTH - 8,
              y + 14,
              ReportPage.escaped(bar.label()),
              bar.kind(),
              LABEL_WIDTH,
              y,
              length,
              ROW - 4,
              LABEL_WIDTH + length + 6,
              y + 14,
              number(bar.value())));
    }
    return svg.append("</svg>").toString();
  }

  /** Of the longest bar. */
  private double part(double value) {
    double longest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double part = value / longest;
    return logarithmic ? Math.max(0.01, 1 + Math.log10(part) / 10) : part;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
