package io.stepstream.loadtests;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What every measurement of a run uses.
 *
 * @param progress gets a line now and then
 */
record Rig(
    BenchSettings settings, String bootstrapServers, Meter meter, Consumer<String> progress) {

  /** The same broker, told something else. */
  Rig with(BenchSettings others) {
    return new Rig(others, bootstrapServers, meter, progress);
  }

  void say(String format, @Nullable Object... arguments) {
    progress.accept(format.formatted(arguments));
  }
}
