package io.stepstream.dev.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a log without its messages, which may quote anything: times, levels, who logged, and
 * of exceptions the classes and where they were thrown.
 */
final class ShownLog {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d[.,]\\d{1,9})\\S*\\s+([A-Z]{4,7})\\s+"
              + "\\[([\\w.$]{1,200})](.*)");
  private static final Pattern FRAME =
      Pattern.compile("\\s+at [\\w.$/@<>\\-]{1,300}\\([\\w.$ ]{1,100}(?::\\d{1,6})?\\)");
  private static final Pattern THROWN =
      Pattern.compile(
          "\\s*(?:Caused by: |Suppressed: )?([\\w.$]{1,200}(?:Exception|Error))(?::.*)?");
  private static final Pattern NAME = Pattern.compile("[\\w.$:+\\-]{1,200}");

  private ShownLog() {}

  /**
   * @param most how many bytes are read, of its end
   */
  static String of(Path file, int most) throws IOException {
    byte[] end;
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - most);
      log.seek(from);
      end = new byte[(int) Math.min(most, log.length() - from)];
      log.readFully(end);
    }
    StringBuilder kept = new StringBuilder();
    new String(end, UTF_8).lines().forEach(line -> keep(line, kept));
    return kept.toString();
  }

  private static void keep(String line, StringBuilder kept) {
    Matcher head = LINE.matcher(line);
    Matcher thrown = THROWN.matcher(line);
    if (line.startsWith("{")) {
      json(line, kept);
    } else if (head.matches()) {
      kept.append(head.group(1)).append(' ').append(head.group(2));
      kept.append(" [").append(head.group(3)).append("] ");
      kept.append('(').append(head.group(4).length()).append(" characters)\n");
    } else if (FRAME.matcher(line).matches()) {
      kept.append(line).append('\n');
    } else if (thrown.matches()) {
      kept.append(thrown.group(1)).append('\n');
    }
  }

  private static void json(String line, StringBuilder kept) {
    JsonNode record;
    try {
      record = JSON.readTree(line);
    } catch (IOException _) {
      return; // the first line may be cut
    }
    kept.append(name(record.path("timestamp"))).append(' ');
    kept.append(name(record.path("level"))).append(" [");
    kept.append(name(record.path("loggerName"))).append("] ");
    kept.append('(').append(record.path("message").asText().length()).append(" characters)\n");
    JsonNode exception = record.path("exception").path("exceptionType");
    if (exception.isTextual()) {
      kept.append(name(exception)).append('\n');
    }
  }

  private static String name(JsonNode value) {
    String text = value.asText();
    return NAME.matcher(text).matches() ? text : Kept.WITHHELD;
  }
}
