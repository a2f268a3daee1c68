package io.stepstream.asl.expr;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a JSONPath starts. */
sealed interface PathRoot {

  /** The tree to search; null if the variable isn't assigned. */
  @Nullable Object in(Scope scope);

  Set<String> variables();

  /** {@code $}. */
  record Input() implements PathRoot {
    @Override
    public Object in(Scope scope) {
      return scope.input();
    }

    @Override
    public Set<String> variables() {
      return Set.of();
    }
  }

  /** {@code $$}. */
  record Context() implements PathRoot {
    @Override
    public Object in(Scope scope) {
      return scope.context();
    }

    @Override
    public Set<String> variables() {
      return Set.of();
    }
  }

  /** {@code $name}. */
  record Variable(String name) implements PathRoot {
    @Override
    public @Nullable Object in(Scope scope) {
      return scope.variables().get(name);
    }

    @Override
    public Set<String> variables() {
      return Set.of(name);
    }
  }
}
