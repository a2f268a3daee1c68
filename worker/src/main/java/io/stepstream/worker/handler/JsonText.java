package io.stepstream.worker.handler;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to tree and back without loss: decimals stay exact, so a handler that passes a number
 * through doesn't change it.
 */
public final class JsonText {

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                  // Tasks run on virtual threads, each of which is new: buffers kept per thread, as
                  // by default, would be 16 KiB of garbage for each task.
                  .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonText() {}

  /**
   * Parses one JSON value.
   *
   * @throws IOException the text isn't exactly one JSON value
   */
  public static JsonNode read(byte[] json) throws IOException {
    JsonNode tree = MAPPER.readTree(json);
    if (tree == null || tree.isMissingNode()) {
      throw new IOException("There is no JSON value in the text: it is empty.");
    }
    return tree;
  }

  /** Writes without white space; a missing tree is JSON null. */
  public static byte[] write(@Nullable JsonNode tree) throws IOException {
    return tree == null || tree.isMissingNode() ? NULL.clone() : MAPPER.writeValueAsBytes(tree);
  }

  /** A factory with this class's settings, for reading a text token by token. */
  public static JsonFactory factory() {
    return MAPPER.getFactory();
  }
}
