package io.stepstream.asl.items;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Items in their order, each read when it is asked for. */
interface Items extends Closeable {

  /** The next item, a tree of JSON; null: there is none. */
  @Nullable Object next() throws IOException;
}
