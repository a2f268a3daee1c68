package io.stepstream.integrations.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;

/**
 * What a service answered.
 *
 * @param body of an answer that comes as a stream, up to a little more than a task's result may
 *     have; null: the answer has none
 */
record AwsAnswer(SdkResponse response, byte @Nullable [] body) {}
