package io.stepstream.asl.source;

import org.jspecify.annotations.Nullable;

/**
 * The way from the root of a definition to one of its values.
 *
 * @param parent null: this is the root
 * @param name the field; {@code ""} for elements of arrays and the root
 * @param index the element, -1 for fields and the root
 */
public record Path(@Nullable Path parent, String name, int index) {

  public static final Path ROOT = new Path(null, "", -1);

  public Path field(String field) {
    return new Path(this, field, -1);
  }

  public Path element(int element) {
    return new Path(this, "", element);
  }

  /** RFC 6901's JSON pointer, {@code ""} for the root. */
  public String pointer() {
    StringBuilder text = new StringBuilder();
    appendPointer(text);
    return text.toString();
  }

  private void appendPointer(StringBuilder text) {
    if (parent == null) {
      return;
    }
    parent.appendPointer(text);
    text.append('/');
    if (index >= 0) {
      text.append(index);
    } else {
      text.append(name.replace("~", "~0").replace("/", "~1"));
    }
  }

  /**
   * AWS's notation in diagnostics: {@code /} for the root, elements in brackets, names as they are,
   * for example {@code /States/P/Branches[0]/States/A}.
   */
  public String location() {
    return parent == null ? "/" : "/" + locationFrom(ROOT);
  }

  /**
   * AWS's notation for a field relative to its state, for example {@code Catch[0]/Assign}.
   *
   * @param ancestor a path on the way to this one, the very object
   */
  public String locationFrom(Path ancestor) {
    StringBuilder text = new StringBuilder();
    appendLocation(text, ancestor);
    return text.toString();
  }

  private void appendLocation(StringBuilder text, Path ancestor) {
    if (parent == null || this == ancestor) {
      return;
    }
    parent.appendLocation(text, ancestor);
    if (index >= 0) {
      text.append('[').append(index).append(']');
    } else {
      text.append(text.isEmpty() ? "" : "/").append(name);
    }
  }
}
