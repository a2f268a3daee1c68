package io.stepstream.coordinator.api;

import io.smallrye.config.WithDefault;

/** What ARNs are made of. */
public interface AwsConfig {

  /** Region in new ARNs: clients compare it with the region they are set to. */
  @WithDefault("us-east-1")
  String region();

  /** Account in new ARNs: the only part that tells two installations apart. */
  @WithDefault("000000000000")
  String account();

  /** The ARN of a machine that is defined here. */
  default String stateMachineArn(String name) {
    return "arn:aws:states:%s:%s:stateMachine:%s".formatted(region(), account(), name);
  }
}
