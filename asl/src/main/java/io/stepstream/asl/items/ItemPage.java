package io.stepstream.asl.items;

import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers to an {@link ItemRequest}.
 *
 * @param from how many items are before the page
 * @param items a JSON array in UTF-8
 * @param last there are no items after these
 * @param cursor where the next page begins, for the request of that; null: its number says enough.
 *     What was true of the source when the first page was read is kept in it, so that a source that
 *     grows has the same items for whoever reads on
 */
public record ItemPage(long from, byte[] items, boolean last, @Nullable String cursor) {

  /** Of a source whose pages need no cursor. */
  public ItemPage(long from, byte[] items, boolean last) {
    this(from, items, last, null);
  }

  /** How many bytes of items the answer of a task can hold, less what is around them. */
  public static final int MOST_BYTES = 262_144 - 64;

  /** JSON text; the items are copied into it, not parsed. */
  public byte[] encode() {
    ByteArrayOutputStream text = new ByteArrayOutputStream(items.length + 64);
    text.writeBytes(ascii("{\"from\":" + from + ",\"items\":"));
    text.writeBytes(items);
    text.writeBytes(ascii(",\"last\":" + last));
    if (cursor != null) {
      text.writeBytes(ascii(",\"cursor\":"));
      text.writeBytes(Json.encodeUtf8(cursor));
    }
    text.write('}');
    return text.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A page as its reader sees it: the items are trees of JSON. */
  public record Decoded(long from, List<?> items, boolean last, @Nullable String cursor) {}

  /**
   * @throws ReadRefused the text is no such page
   */
  public static Decoded decode(byte[] utf8) throws ReadRefused {
    OrderText page = OrderText.decode(utf8);
    List<?> items = page.array("items");
    if (items == null) {
      throw OrderText.refused("items");
    }
    return new Decoded(page.number("from"), items, page.bool("last"), page.text("cursor"));
  }
}
