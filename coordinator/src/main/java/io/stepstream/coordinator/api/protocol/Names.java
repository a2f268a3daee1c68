package io.stepstream.coordinator.api.protocol;

import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;

/**
 * The characters that AWS allows in names of state machines, executions and activities. Their
 * number is a constraint of the model.
 */
public final class Names {

  private static final String FORBIDDEN = "?*<>{}[]\"#%\\^|~`$&,;:/";

  private Names() {}

  public static Checked<String> check(String name) {
    return name.codePoints().allMatch(Names::isAllowed)
        ? new Valid<>(name)
        : new Invalid<>(Refusals.invalidName(name));
  }

  private static boolean isAllowed(int codePoint) {
    return !Character.isWhitespace(codePoint)
        && !Character.isSpaceChar(codePoint)
        && !Character.isISOControl(codePoint)
        && FORBIDDEN.indexOf(codePoint) < 0
        // What AWS calls surrogates (a pair too) and the non-characters U+FFFE and U+FFFF.
        && codePoint < 0xFFFE
        && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
