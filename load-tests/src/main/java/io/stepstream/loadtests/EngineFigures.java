package io.stepstream.loadtests;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One engine's row of a comparison.
 *
 * @param figures of the works that came to an end, in the works' order
 * @param failure why there are no more, in one sentence; null if nothing failed
 */
record EngineFigures(String engine, Map<Work, WorkFigure> figures, @Nullable String failure) {

  EngineFigures {
    figures = Collections.unmodifiableMap(new TreeMap<>(figures));
  }
}
