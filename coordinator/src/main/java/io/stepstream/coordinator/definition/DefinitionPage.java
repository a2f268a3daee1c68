package io.stepstream.coordinator.definition;

import java.util.List;

/**
 * A stretch of a list of definitions.
 *
 * @param more whether others follow
 */
public record DefinitionPage<T>(List<Defined<T>> definitions, boolean more) {

  public DefinitionPage {
    definitions = List.copyOf(definitions);
  }

  /** The first of what was found, which is one more than wanted if there is more. */
  static <T> DefinitionPage<T> of(List<Defined<T>> found, int wanted) {
    boolean more = found.size() > wanted;
    return new DefinitionPage<>(more ? found.subList(0, wanted) : found, more);
  }
}
