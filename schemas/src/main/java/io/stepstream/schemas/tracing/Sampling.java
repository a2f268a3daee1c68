package io.stepstream.schemas.tracing;

import java.nio.ByteBuffer;

/**
 * Which executions are traced: a share of them, chosen by their ARNs, so that all who have to do
 * with an execution choose alike.
 *
 * @param share from 0 to 1
 */
public record Sampling(double share) {

  public static final Sampling NONE = new Sampling(0);

  public Sampling {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, unlike " + share);
    }
  }

  /** Whether the execution is in the share. */
  public boolean includes(String executionArn) {
    if (share == 0 || share == 1) {
      return share == 1;
    }
    long number = ByteBuffer.wrap(ExecutionTrace.sha256("sample#" + executionArn)).getLong();
    return (number >>> 11) * 0x1p-53 < share;
  }
}
