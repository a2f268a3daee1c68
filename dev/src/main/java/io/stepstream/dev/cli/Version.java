package io.stepstream.dev.cli;

import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "stepstream " + (version == null ? "development" : version),
      "Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version()
    };
  }
}
