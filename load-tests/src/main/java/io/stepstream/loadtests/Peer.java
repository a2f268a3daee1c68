package io.stepstream.loadtests;

import java.util.List;

/** Another engine that can be measured beside ours. */
enum Peer {
  ZEEBE("zeebe", "zeebe", "--partitions", "1"),
  ZEEBE_3("zeebe-3", "zeebe", "--partitions", "3"),
  LITTLEHORSE("littlehorse", "littlehorse");

  private final String label;
  private final String directory;
  private final List<String> options;

  Peer(String label, String directory, String... options) {
    this.label = label;
    this.directory = directory;
    this.options = List.of(options);
  }

  /** The name on the command line. */
  String label() {
    return label;
  }

  /** Below the directory of all peers. */
  String script() {
    return directory + "/run.sh";
  }

  /** Of the script, beside its times. */
  List<String> options() {
    return options;
  }

  @Override
  public String toString() {
    return label;
  }
}
