package io.stepstream.integrations.s3;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.json.Json;
import io.stepstream.integrations.aws.AwsArguments;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/** The arguments of a state, given to a request of S3 under the names that they have in its API. */
final class S3Arguments {

  private S3Arguments() {}

  /**
   * @param action S3's name of it, for people
   * @throws ReadRefused the action has no such argument, or not of such a type
   */
  static <T extends SdkPojo> T apply(Map<String, Object> arguments, T builder, String action)
      throws IOException {
    ObjectNode json = (ObjectNode) JsonText.read(Json.encodeUtf8(arguments));
    try {
      AwsArguments.apply(json, builder, "S3's " + action);
    } catch (TaskFailedException e) {
      throw new ReadRefused(String.valueOf(e.causeText()));
    }
    return builder;
  }
}
