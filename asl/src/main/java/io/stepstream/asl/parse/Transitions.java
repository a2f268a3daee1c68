package io.stepstream.asl.parse;

import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.validate.Wording;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Next} or {@code End}. */
final class Transitions {

  private static final List<String> FIELDS = List.of("Next", "End");

  private Transitions() {}

  static @Nullable Transition parse(StateContext state) {
    Fields fields = state.fields();
    Boolean end = fields.bool("End");
    String next = fields.text("Next");
    String field = fields.exactlyOne(FIELDS);
    if (field == null) {
      return null;
    }
    if (next != null) {
      return new Transition.Next(next);
    }
    if (Boolean.FALSE.equals(end)) {
      state.problems().schema(fields.node(), Wording.oneOf(FIELDS));
    }
    return Boolean.TRUE.equals(end) ? new Transition.End() : null;
  }
}
