package io.stepstream.asl.json;

import com.dashjoin.jsonata.Jsonata;

/** JSON values and their bytes. */
public final class Json {

  /**
   * JSON's null. It is the very object which the JSONata library uses, since that library takes Java's null for
   * "undefined": with one object for both, trees pass into expressions without being converted.
   */
  public static final Object NULL = Jsonata.NULL_VALUE;

  private Json() {}
}
