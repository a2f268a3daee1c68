package io.stepstream.asl.source;

import static io.stepstream.asl.source.ProblemCode.INVALID_JSON_DESCRIPTION;
import static io.stepstream.asl.source.ProblemCode.MISSING_DESCRIPTION;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads text into a positioned tree. */
public final class SourceReader {

  /** AWS's limit of a definition. */
  public static final int MAX_BYTES = 1_048_576;

  /**
   * The deepest nesting of objects and arrays. It bounds every recursion over a definition; a
   * Parallel inside a Parallel takes four levels, so some fifty of them fit.
   */
  public static final int MAX_DEPTH = 200;

  private SourceReader() {}

  /** The tree, or null when the text has none; then at least one error was reported. */
  public static @Nullable Node read(byte[] utf8, Format format, Problems problems) {
    if (utf8.length > MAX_BYTES) {
      fail(problems, INVALID_JSON_DESCRIPTION, tooLarge(utf8.length));
      return null;
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      fail(problems, INVALID_JSON_DESCRIPTION, "The definition is not UTF-8 text");
      return null;
    }
    if (text.isBlank()) {
      fail(problems, MISSING_DESCRIPTION, "The definition is empty");
      return null;
    }
    return switch (format) {
      case JSON -> JsonSource.read(text, problems);
      case YAML -> YamlSource.read(text, problems);
    };
  }

  private static String tooLarge(int bytes) {
    return "The definition has " + bytes + " bytes, more than the limit of " + MAX_BYTES;
  }

  private static void fail(Problems problems, ProblemCode code, String message) {
    problems.errorWithoutLocation(code, Path.ROOT, Position.START, message);
  }
}
