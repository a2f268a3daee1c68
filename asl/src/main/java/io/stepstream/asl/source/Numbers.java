package io.stepstream.asl.source;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import org.jspecify.annotations.Nullable;

/** Numbers of definitions; they become what the same text becomes in data. */
final class Numbers {

  private Numbers() {}

  /** Null for a number beyond the bounds of {@link Json}. */
  static @Nullable Number parse(String text) {
    return Json.decode(text) instanceof Decoded.Tree(Number number) ? number : null;
  }
}
