package io.stepstream.loadtests;

import java.util.List;
import java.util.Locale;

/**
 * Curves over the same time, one below the other, as an SVG file of its own.
 *
 * @param curves drawn as steps: a value holds until the next
 */
record TimePlot(String title, List<Curve> curves) {

  private static final int LEFT = 70;
  private static final int WIDTH = 720;
  private static final int RIGHT = 30;
  private static final int HEAD = 40;
  private static final int PANEL = 130;
  private static final int GAP = 36;

  TimePlot {
    curves = List.copyOf(curves);
  }

  record Point(double seconds, double value) {}

  /**
   * @param color of its line
   */
  record Curve(String name, String color, List<Point> points) {
    Curve {
      points = List.copyOf(points);
    }

    private double most() {
      return Math.max(1, points.stream().mapToDouble(Point::value).max().orElse(1));
    }
  }

  String svg() {
    double end =
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(Point::seconds)
            .max()
            .orElse(1);
    int width = LEFT + WIDTH + RIGHT;
    int height = HEAD + curves.size() * (PANEL + GAP) + 10;
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\" font-family=\"sans-serif\" font-size=\"12\">",
        width,
        height,
        width,
        height);
    line(svg, "<title>%s</title>", ReportPage.escaped(title));
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", width, height);
    line(
        svg, "<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>", LEFT, ReportPage.escaped(title));
    for (int i = 0; i < curves.size(); i++) {
      panel(svg, curves.get(i), HEAD + i * (PANEL + GAP), end, i == curves.size() - 1);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void panel(StringBuilder svg, Curve curve, int top, double end, boolean last) {
    int bottom = top + GAP / 2 + PANEL;
    double most = curve.most();
    line(
        svg, "<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top + 12, ReportPage.escaped(curve.name()));
    for (int i = 0; i <= 2; i++) {
      double y = bottom - PANEL * i / 2.0;
      line(
          svg,
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
              + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT,
          LEFT + WIDTH,
          y,
          y,
          LEFT - 8,
          y + 4,
          number(most * i / 2));
    }
    StringBuilder path = new StringBuilder();
    for (Point point : curve.points()) {
      String x = number1(LEFT + WIDTH * point.seconds() / end);
      String y = number1(bottom - PANEL * point.value() / most);
      path.append(path.isEmpty() ? "M" + x + " " + y : "H" + x + "V" + y);
    }
    line(
        svg,
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
        path,
        curve.color());
    if (last) {
      for (int i = 0; i <= 4; i++) {
        line(
            svg,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>",
            LEFT + WIDTH * i / 4,
            bottom + 16,
            end * i / 4);
      }
    }
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }

  private static String number1(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
