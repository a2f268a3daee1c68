package io.stepstream.dev.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of one script among others on the same stack. All that the suite made up end in {@code
 * uid000} and two digits; here the zeros are the script's number, which keeps their lengths. A name
 * that the service chose is told as the one which the recorder put for it.
 */
final class ScriptNames {

  private static final String RECORDED_UID = "uid000";

  private final String ownUid;
  private final Map<String, String> chosen = new HashMap<>();

  /**
   * @param number up to three digits, no other script has it
   */
  ScriptNames(int number) {
    this.ownUid = "uid%03d".formatted(number);
  }

  String own(String recorded) {
    return recorded.replace(RECORDED_UID, ownUid);
  }

  String recorded(String own) {
    String told = own.replace(ownUid, RECORDED_UID);
    for (Map.Entry<String, String> name : chosen.entrySet()) {
      told = told.replace(name.getKey(), name.getValue());
    }
    return told;
  }

  /**
   * Learns the name of an execution from its ARN, where the service chose it.
   *
   * @param step the number of the step that started it
   */
  void started(String executionArn, int step) {
    // arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME, and express:MACHINE:NAME:ID
    String[] parts = executionArn.split(Pattern.quote(":"), -1);
    if (parts[5].equals("express")) {
      chosen.put(parts[7], "xuidp" + step);
      chosen.put(parts[8], "xuidq" + step);
    } else {
      chosen.put(parts[7], "exuid" + step);
    }
  }
}
