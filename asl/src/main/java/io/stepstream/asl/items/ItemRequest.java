package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.items.ItemSource.Action;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is asked when a page of a source is wanted. It says everything, so that any worker
 * can answer, also one that has not answered for the page before.
 *
 * @param from how many items are before the page
 * @param cursor what the page before said of where this one begins; null: it said nothing, or there
 *     is none
 * @param pageItems how many items the page has at most
 * @param pageBytes how many bytes of JSON its items take at most, as an array
 */
public record ItemRequest(
    ItemSource source, long from, @Nullable String cursor, int pageItems, int pageBytes) {

  /** The Resource of the task that carries a request for what is in S3. */
  public static final String RESOURCE = "stepstream:readItems";

  /** The same for what is in Kafka. */
  public static final String TOPIC_RESOURCE = "stepstream:readTopic";

  /** The error of that task, and of the state: the items cannot be read. */
  public static final String ERROR = "States.ItemReaderFailed";

  /** The Resource of the task that carries this request. */
  public String resource() {
    return switch (source.action()) {
      case GET_OBJECT, LIST_OBJECTS -> RESOURCE;
      case READ_TOPIC -> TOPIC_RESOURCE;
    };
  }

  /**
   * JSON text. The expression of {@code MaxItems} is not part of it: the source has its value
   * already.
   */
  public byte[] encode() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("listing", source.listing());
    if (source.action() == Action.READ_TOPIC) {
      json.put("topic", true);
    }
    json.put("arguments", source.arguments());
    json.put("config", config(source.config()));
    json.put("maxItems", source.maxItems());
    json.put("from", from);
    putGiven(json, "cursor", cursor);
    json.put("pageItems", pageItems);
    json.put("pageBytes", pageBytes);
    return Json.encodeUtf8(json);
  }

  private static Map<String, Object> config(ReaderConfig config) {
    Map<String, Object> json = new LinkedHashMap<>();
    putGiven(json, "inputType", config.inputType());
    putGiven(json, "transformation", config.transformation());
    putGiven(json, "manifestType", config.manifestType());
    putGiven(json, "csvDelimiter", config.csvDelimiter());
    putGiven(json, "csvHeaders", config.csvHeaders());
    putGiven(json, "itemsPointer", config.itemsPointer());
    return json;
  }

  private static void putGiven(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /**
   * @throws ReadRefused the text is no such request
   */
  public static ItemRequest decode(byte[] utf8) throws ReadRefused {
    OrderText order = OrderText.decode(utf8);
    OrderText config = order.object("config");
    return new ItemRequest(
        new ItemSource(
            action(order),
            order.tree("arguments"),
            new ReaderConfig(
                config.text("inputType"),
                config.text("transformation"),
                config.text("manifestType"),
                config.text("csvDelimiter"),
                headers(config),
                config.text("itemsPointer"),
                null),
            order.number("maxItems")),
        order.number("from"),
        order.text("cursor"),
        order.count("pageItems"),
        order.count("pageBytes"));
  }

  private static Action action(OrderText order) throws ReadRefused {
    if (order.json().containsKey("topic") && order.bool("topic")) {
      return Action.READ_TOPIC;
    }
    return order.bool("listing") ? Action.LIST_OBJECTS : Action.GET_OBJECT;
  }

  private static @Nullable List<String> headers(OrderText config) throws ReadRefused {
    List<?> given = config.array("csvHeaders");
    if (given == null) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (Object header : given) {
      headers.add(String.valueOf(header));
    }
    return headers;
  }
}
