package io.stepstream.coordinator.api;

import io.stepstream.coordinator.ops.ConfigMappings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The API's configuration as beans. */
@Singleton
final class ApiConfigs {

  @Produces
  @Singleton
  AwsConfig aws() {
    return ConfigMappings.of(AwsConfig.class, "stepstream.aws");
  }

  @Produces
  @Singleton
  ApiConfig api() {
    return ConfigMappings.of(ApiConfig.class, "stepstream.api");
  }
}
