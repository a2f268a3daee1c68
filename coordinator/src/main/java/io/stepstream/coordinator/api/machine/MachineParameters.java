package io.stepstream.coordinator.api.machine;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Encryption;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Publication;
import io.stepstream.coordinator.sealing.Seals;
import org.jspecify.annotations.Nullable;

/** What the actions that define and update machines take alike. */
final class MachineParameters {

  private MachineParameters() {}

  /** Null: the call wants no version. */
  static @Nullable Publication publication(Call call) {
    return call.flag("publish", false) ? new Publication(call.text("versionDescription")) : null;
  }

  /** Why they can't be as the call has them; null: they can. */
  static Answer.@Nullable Refusal refusal(Call call, Seals seals) {
    if (call.has("versionDescription") && !call.flag("publish", false)) {
      return Refusals.validation("Version description can only be set when publish is true");
    }
    JsonNode logging = call.parameters().path("loggingConfiguration");
    int destinations = logging.path("destinations").size();
    boolean logs = !logging.path("level").asText("OFF").equals("OFF");
    if (destinations > 1 || (logs && destinations == 0)) {
      return Refusals.invalidLoggingConfiguration("Must specify exactly one Log Destination.");
    }
    return Encryption.refusal(call.parameters().path("encryptionConfiguration"), seals);
  }
}
