package io.stepstream.coordinator.ops;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Typed views of the configuration.
 *
 * <p>The interfaces do without {@code @ConfigMapping}: the build would load annotated ones into
 * Maven's own JVM, which may be older than the class files. Unknown keys are for the other views of
 * the same prefix.
 */
public final class ConfigMappings {

  private ConfigMappings() {}

  /**
   * @throws io.smallrye.config.ConfigValidationException when values are missing or malformed; its
   *     message names each
   */
  public static <T> T of(Class<T> type, String prefix) {
    SmallRyeConfig application = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDefaultInterceptors().withValidateUnknown(false);
    application.getConfigSources().forEach(builder::withSources);
    return builder.withMapping(type, prefix).build().getConfigMapping(type, prefix);
  }
}
