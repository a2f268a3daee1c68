package io.stepstream.asl.source;

import static io.stepstream.asl.source.ProblemCode.SCHEMA_VALIDATION_FAILED;

import io.stepstream.asl.source.DefinitionProblem.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the problems of one definition in the order in which they are found. Not thread safe.
 */
public final class Problems {

  /** AWS lists at most 100 diagnostics; more than this helps nobody and could fill the memory. */
  static final int MAX_OF_A_SEVERITY = 500;

  /** Names of fields may be as long as the definition, and each problem repeats some of them. */
  private static final int MAX_TEXT = 10_000;

  private final List<DefinitionProblem> found = new ArrayList<>();
  private final Map<Severity, Integer> counts = new EnumMap<>(Severity.class);

  /** The value at this node breaks a rule of the schema. */
  public void schema(Node at, String message) {
    error(SCHEMA_VALIDATION_FAILED, at, message);
  }

  /**
   * A field breaks a rule of the schema and AWS names the object around it.
   *
   * @param field a field of that object
   */
  public void schemaOfField(Node.Struct around, String field, String message) {
    addOfField(Severity.ERROR, around, field, message);
  }

  /** As {@link #schemaOfField}, but the definition is taken all the same. */
  public void doubtfulField(Node.Struct around, String field, String message) {
    addOfField(Severity.WARNING, around, field, message);
  }

  public void error(ProblemCode code, Node at, String message) {
    add(Severity.ERROR, code, message, at.path().location(), at.path(), at.at());
  }

  /** An error about a name, which is reported at the name and not at its value. */
  public void errorAtName(ProblemCode code, Path path, Position nameAt, String message) {
    add(Severity.ERROR, code, message, path.location(), path, nameAt);
  }

  /** An error about a flow as a whole, for which AWS gives no location. */
  public void errorWithoutLocation(ProblemCode code, Path path, Position at, String message) {
    add(Severity.ERROR, code, message, null, path, at);
  }

  public void warning(ProblemCode code, Node at, String message) {
    add(Severity.WARNING, code, message, at.path().location(), at.path(), at.at());
  }

  private void addOfField(Severity severity, Node.Struct around, String field, String message) {
    Path path = around.path().field(field);
    Node.Member member = around.members().get(field);
    Position at = member == null ? around.at() : member.nameAt();
    add(severity, SCHEMA_VALIDATION_FAILED, message, around.path().location(), path, at);
  }

  private void add(
      Severity severity,
      ProblemCode code,
      String message,
      @Nullable String location,
      Path path,
      Position at) {
    if (counts.merge(severity, 1, Integer::sum) <= MAX_OF_A_SEVERITY) {
      found.add(
          new DefinitionProblem(
              severity,
              code.name(),
              cut(message),
              location == null ? null : cut(location),
              cut(path.pointer()),
              at.line(),
              at.column()));
    }
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  public boolean hasErrors() {
    return counts.containsKey(Severity.ERROR);
  }

  /** All problems, up to {@link #MAX_OF_A_SEVERITY} errors and as many warnings. */
  public List<DefinitionProblem> all() {
    return List.copyOf(found);
  }
}
