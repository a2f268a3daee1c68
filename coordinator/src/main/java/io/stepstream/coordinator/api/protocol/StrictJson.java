package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Reads requests, and takes nothing that two readers could understand in two ways: no member twice,
 * nothing behind the value. The nesting is bounded, as are numbers and names; the size is that of
 * the request.
 */
public final class StrictJson {

  /** No request of AWS's model is nearly that deep: definitions and payloads are strings in it. */
  private static final int DEEPEST = 100;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(400)
                          .maxNameLength(1_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * @throws JsonProcessingException it isn't JSON, or not strictly
   * @throws IOException the bytes are not UTF-8
   */
  public static JsonNode read(byte[] bytes) throws IOException {
    return JSON.readTree(bytes);
  }

  /**
   * @throws JsonProcessingException it isn't JSON, or not strictly
   */
  public static JsonNode read(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }
}
