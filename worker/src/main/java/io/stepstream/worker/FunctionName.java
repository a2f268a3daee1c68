package io.stepstream.worker;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function as AWS lets it be named: {@code NAME}, {@code NAME:QUALIFIER}, {@code
 * ACCOUNT:function:NAME} or an ARN, each with or without a qualifier.
 */
record FunctionName(
    @Nullable String region, @Nullable String account, String name, String qualifier) {

  static final String LATEST = "$LATEST";

  private static final Pattern FORM =
      Pattern.compile(
          "(?:arn:[^:]+:lambda:(?<region>[^:]*):)?(?:(?<account>[^:]*):function:)?"
              + "(?<name>[a-zA-Z0-9._-]+)(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]+))?");

  /** Empty if AWS would not take the text for a function's name. */
  static Optional<FunctionName> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String qualifier = form.group("qualifier");
    return Optional.of(
        new FunctionName(
            form.group("region"),
            form.group("account"),
            form.group("name"),
            qualifier == null ? LATEST : qualifier));
  }

  /** The ARN with what the name leaves open taken from the execution, as AWS completes it. */
  String arn(String executionArn) {
    String[] parts = executionArn.split(":", 6);
    String homeRegion = parts.length > 4 ? parts[3] : "";
    String homeAccount = parts.length > 4 ? parts[4] : "";
    String partition = parts.length > 4 ? parts[1] : "aws";
    return "arn:%s:lambda:%s:%s:function:%s:%s"
        .formatted(
            partition,
            region == null ? homeRegion : region,
            account == null ? homeAccount : account,
            name,
            qualifier);
  }
}
