package io.stepstream.asl.items;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker is asked when an object is to be written.
 *
 * @param arguments of S3's putObject: Bucket, Key and what else it takes
 * @param body text in UTF-8
 */
public record ObjectWrite(Map<String, Object> arguments, byte[] body) {

  /** The Resource of the task that carries the request. */
  public static final String RESOURCE = "stepstream:writeObject";

  /** The error of that task, and of the state: the object cannot be written. */
  public static final String ERROR = "States.ResultWriterFailed";

  /**
   * What the worker answers.
   *
   * @param size in bytes
   */
  public record Written(String key, long size) {

    public byte[] encode() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("key", key);
      json.put("size", size);
      return Json.encodeUtf8(json);
    }

    /**
     * @throws ReadRefused the text is no such answer
     */
    public static Written decode(byte[] utf8) throws ReadRefused {
      OrderText written = OrderText.decode(utf8);
      return new Written(written.givenText("key"), written.number("size"));
    }
  }

  public byte[] encode() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("arguments", arguments);
    json.put("body", new String(body, StandardCharsets.UTF_8));
    return Json.encodeUtf8(json);
  }

  /**
   * @throws ReadRefused the text is no such request
   */
  public static ObjectWrite decode(byte[] utf8) throws ReadRefused {
    OrderText order = OrderText.decode(utf8);
    return new ObjectWrite(
        order.tree("arguments"), order.givenText("body").getBytes(StandardCharsets.UTF_8));
  }
}
