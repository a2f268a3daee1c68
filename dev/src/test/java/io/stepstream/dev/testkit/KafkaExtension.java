package io.stepstream.dev.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the shared {@link KafkaFixture} to constructors and methods of tests:
 * {@code @ExtendWith(KafkaExtension.class)}.
 *
 * <p>The root store of the test run holds it, so it starts with the first test that asks and stops
 * after the last.
 */
public final class KafkaExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == KafkaFixture.class;
  }

  @Override
  public KafkaFixture resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(KafkaExtension.class))
        .computeIfAbsent(KafkaFixture.class, _ -> KafkaFixture.start(), KafkaFixture.class);
  }
}
