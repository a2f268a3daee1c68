package io.stepstream.schemas.tracing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A span, as others refer to it.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero; null: the trace is known, no span of it
 * @param sampled whether whoever has it wants it to be recorded; null: it doesn't say
 */
public record TraceContext(String traceId, @Nullable String spanId, @Nullable Boolean sampled) {

  /** The header of records and of HTTP with a context in W3C's form. */
  public static final String TRACE_PARENT = "traceparent";

  private static final Pattern W3C =
      Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final Pattern ROOT = Pattern.compile("1-([0-9a-f]{8})-([0-9a-f]{24})");
  private static final Pattern SPAN = Pattern.compile("[0-9a-f]{16}");
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  /**
   * Reads W3C's form; null: it is none.
   *
   * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>
   */
  public static @Nullable TraceContext ofTraceParent(String value) {
    Matcher parts = W3C.matcher(value);
    if (!parts.matches()
        || parts.group(1).equals(NO_TRACE)
        || parts.group(2).equals(NO_SPAN)
        || (value.startsWith("00") && parts.group(4) != null)) {
      return null;
    }
    boolean sampled = (Integer.parseInt(parts.group(3), 16) & 1) == 1;
    return new TraceContext(parts.group(1), parts.group(2), sampled);
  }

  /**
   * Reads X-Ray's form, {@code Root=1-…;Parent=…;Sampled=1}; null: it names no trace.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader">Tracing
   *     header</a>
   */
  public static @Nullable TraceContext ofXRay(String header) {
    String traceId = null;
    String spanId = null;
    Boolean sampled = null;
    for (String part : header.split(";")) {
      int equals = part.indexOf('=');
      String value = part.substring(equals + 1).strip();
      switch (equals < 0 ? "" : part.substring(0, equals).strip()) {
        case "Root" -> {
          Matcher root = ROOT.matcher(value);
          traceId = root.matches() ? root.group(1) + root.group(2) : null;
        }
        case "Parent" -> spanId = SPAN.matcher(value).matches() ? value : null;
        case "Sampled" ->
            sampled =
                switch (value) {
                  case "1" -> true;
                  case "0" -> false;
                  default -> null;
                };
        default -> {
          // Lineage, Self, and what X-Ray adds next year.
        }
      }
    }
    return traceId == null || traceId.equals(NO_TRACE)
        ? null
        : new TraceContext(traceId, NO_SPAN.equals(spanId) ? null : spanId, sampled);
  }

  /** W3C's form. Only with a span. */
  public String traceParent() {
    if (spanId == null) {
      throw new IllegalStateException("no span of trace " + traceId);
    }
    return "00-%s-%s-%s".formatted(traceId, spanId, Boolean.TRUE.equals(sampled) ? "01" : "00");
  }

  /** X-Ray's form. */
  public String xRay() {
    return "Root=1-%s-%s%s%s"
        .formatted(
            traceId.substring(0, 8),
            traceId.substring(8),
            spanId == null ? "" : ";Parent=" + spanId,
            sampled == null ? "" : sampled ? ";Sampled=1" : ";Sampled=0");
  }
}
