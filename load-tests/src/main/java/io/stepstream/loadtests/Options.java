package io.stepstream.loadtests;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Checks of what the commands are given. */
final class Options {

  private Options() {}

  /**
   * @throws ParameterException that names the option and its bounds
   */
  static int within(CommandSpec spec, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be between %d and %d, not %d".formatted(option, least, most, value));
    }
    return value;
  }

  /**
   * The one that is called so, by {@link Object#toString}.
   *
   * @param refusal with two places: for the name, and for all names
   * @throws TypeConversionException if none is
   */
  static <T> T named(String name, List<T> all, String refusal) {
    return all.stream()
        .filter(each -> each.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException(refusal.formatted(name, all)));
  }
}
