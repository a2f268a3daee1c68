package io.stepstream.asl.items;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.asl.json.JsonElements;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of an array in a JSON file. */
final class JsonItems implements Items {

  private final BoundedInput input;
  private final JsonElements elements;
  private final List<String> pointer;
  private boolean begun;

  /**
   * @param pointer {@code ItemsPointer}, a JSON pointer; null: the whole file is the array
   */
  JsonItems(InputStream bytes, @Nullable String pointer) throws IOException {
    this.input = new BoundedInput(bytes);
    this.elements = new JsonElements(input);
    this.pointer = steps(pointer);
  }

  private static List<String> steps(@Nullable String pointer) {
    List<String> steps = new ArrayList<>();
    if (pointer != null && !pointer.isEmpty()) {
      String[] parts = pointer.split("/", -1);
      for (int i = 1; i < parts.length; i++) {
        steps.add(parts[i].replace("~1", "/").replace("~0", "~"));
      }
    }
    return List.copyOf(steps);
  }

  @Override
  public @Nullable Object next() throws IOException {
    try {
      if (!begun) {
        begun = true;
        if (!elements.enter(pointer)) {
          throw new ReadRefused("Attempting to map over non-iterable node.");
        }
      }
      input.nextItem();
      return elements.next();
    } catch (JsonProcessingException e) {
      throw new ReadRefused("The file is not valid JSON: " + e.getOriginalMessage());
    }
  }

  @Override
  public void close() throws IOException {
    elements.close();
  }
}
