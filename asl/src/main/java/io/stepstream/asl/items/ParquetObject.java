package io.stepstream.asl.items;

import java.io.IOException;
import java.util.Map;

/** One object of a store, of which parts are read. */
record ParquetObject(ObjectStore store, Map<String, Object> arguments) {

  long size() throws IOException {
    return store.size(arguments);
  }

  byte[] range(long from, int length) throws IOException {
    return store.range(arguments, from, length);
  }
}
