package io.stepstream.asl.items;

import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a worker answers to an {@link ItemRequest}.
 *
 * @param from how many items are before the page
 * @param items a JSON array in UTF-8
 * @param last there are no items after these
 */
public record ItemPage(long from, byte[] items, boolean last) {

  /** How many bytes of items the answer of a task can hold, less what is around them. */
  public static final int MOST_BYTES = 262_144 - 64;

  /** JSON text; the items are copied into it, not parsed. */
  public byte[] encode() {
    ByteArrayOutputStream text = new ByteArrayOutputStream(items.length + 64);
    text.writeBytes(ascii("{\"from\":" + from + ",\"items\":"));
    text.writeBytes(items);
    text.writeBytes(ascii(",\"last\":" + last + "}"));
    return text.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @throws ReadRefused the text is no such page
   */
  public static ItemPage decode(byte[] utf8) throws ReadRefused {
    OrderText page = OrderText.decode(utf8);
    Object items = page.array("items");
    byte[] text = items == null ? null : Json.textOf(items, page.json(), utf8);
    if (text == null) {
      throw OrderText.refused("items");
    }
    return new ItemPage(page.number("from"), text, page.bool("last"));
  }
}
