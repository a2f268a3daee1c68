package io.stepstream.coordinator.api;

import io.smallrye.config.WithDefault;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.teststate.StateTester;
import io.stepstream.asl.teststate.TaskCaller;

/** What ARNs are made of. */
public interface AwsConfig {

  /** Region in new ARNs: clients compare it with the region they are set to. */
  @WithDefault("us-east-1")
  String region();

  /** Account in new ARNs: the only part that tells two installations apart. */
  @WithDefault("000000000000")
  String account();

  /**
   * Tests states, which see ARNs of this installation.
   *
   * @param tasks called for a Task without a mock
   */
  default StateTester stateTester(TaskCaller tasks) {
    return new StateTester(region(), account(), Limits.DEFAULT, tasks);
  }

  /** The ARN of a machine that is defined here. */
  default String stateMachineArn(String name) {
    return "arn:aws:states:%s:%s:stateMachine:%s".formatted(region(), account(), name);
  }

  /** The ARN of an activity that is created here. */
  default String activityArn(String name) {
    return "arn:aws:states:%s:%s:activity:%s".formatted(region(), account(), name);
  }
}
