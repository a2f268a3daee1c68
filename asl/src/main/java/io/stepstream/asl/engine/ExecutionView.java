package io.stepstream.asl.engine;

import org.jspecify.annotations.Nullable;

/** Read access to the rows of one execution. The core pulls what it needs, point by point. */
public interface ExecutionView {

  @Nullable Execution execution();

  @Nullable Frame frame(long frameId);

  /** JSON in UTF-8. */
  byte @Nullable [] value(ValueKey key);
}
