package io.stepstream.asl.expr;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidJsonException;
import com.jayway.jsonpath.TypeRef;
import com.jayway.jsonpath.spi.json.AbstractJsonProvider;
import com.jayway.jsonpath.spi.mapper.MappingProvider;
import io.stepstream.asl.json.Json;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows our trees to the JSONPath library and stops it at the deadline. It asks this object at
 * every step, whereas it cannot be interrupted otherwise.
 */
final class TreeProvider extends AbstractJsonProvider implements MappingProvider {

  /**
   * Filters may hold regular expressions, whose time grows faster than the text that they match.
   */
  private static final int MAX_COMPARED_TEXT = 512;

  private final Deadline deadline;
  private final boolean hasRegex;

  TreeProvider(Deadline deadline, boolean hasRegex) {
    this.deadline = deadline;
    this.hasRegex = hasRegex;
  }

  @Override
  public boolean isArray(Object obj) {
    deadline.check();
    return super.isArray(obj);
  }

  @Override
  public boolean isMap(Object obj) {
    deadline.check();
    return super.isMap(obj);
  }

  /** Filters compare what this gives: the library knows null only as Java's. */
  @Override
  public @Nullable Object unwrap(Object obj) {
    if (hasRegex && obj instanceof String text && text.length() > MAX_COMPARED_TEXT) {
      throw new JsonataFault("A text is too long to be matched by a regular expression");
    }
    return obj == Json.NULL ? null : obj;
  }

  /** Arrays and objects that filters compare: the same, with the library's null. */
  @Override
  public <T> T map(Object source, Class<T> targetType, Configuration configuration) {
    return targetType.cast(Objects.requireNonNull(comparable(source)));
  }

  @Override
  public <T> T map(Object source, TypeRef<T> targetType, Configuration configuration) {
    throw new UnsupportedOperationException("paths are read as trees");
  }

  private @Nullable Object comparable(Object json) {
    return switch (json) {
      case List<?> array -> {
        List<@Nullable Object> copy = new ArrayList<>(array.size());
        for (Object item : array) {
          copy.add(comparable(item));
        }
        yield copy;
      }
      case Map<?, ?> object -> {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((key, value) -> copy.put(key, comparable(value)));
        yield copy;
      }
      default -> unwrap(json);
    };
  }

  /** Into arrays of results: what functions find nothing for. */
  @Override
  public void setArrayIndex(Object array, int index, @Nullable Object newValue) {
    super.setArrayIndex(array, index, newValue == null ? Json.NULL : newValue);
  }

  @Override
  public Object createArray() {
    return new ArrayList<Object>();
  }

  @Override
  public Object createMap() {
    return new LinkedHashMap<String, Object>();
  }

  @Override
  public Object parse(String json) throws InvalidJsonException {
    throw new UnsupportedOperationException("trees are decoded before");
  }

  @Override
  public Object parse(InputStream jsonStream, String charset) throws InvalidJsonException {
    throw new UnsupportedOperationException("trees are decoded before");
  }

  @Override
  public String toJson(Object obj) {
    return Json.encode(obj);
  }
}
