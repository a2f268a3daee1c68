package io.stepstream.coordinator.index;

/** Names of the index' fields. */
final class Fields {

  static final String ARN = "arn";
  static final String MACHINE = "machine";
  static final String MACHINE_NAME = "machineName";
  static final String NAME = "name";
  static final String MAP_RUN = "mapRun";
  static final String VERSION = "version";
  static final String ALIAS = "alias";
  static final String STATUS = "status";

  /** The status as a number, for who counts: its ordinal. */
  static final String STATUS_ORDINAL = "statusOrdinal";

  static final String START = "start";
  static final String STOP = "stop";
  static final String REDRIVES = "redrives";
  static final String REDRIVE = "redrive";
  static final String REDRIVEN = "redriven";
  static final String POSITION = "position";
  static final String ERROR = "error";

  /** Words. */
  static final String CAUSE = "cause";

  /** Words; with {@link #LEAF} behind it the values at their paths. */
  static final String INPUT = "input";

  /** As {@link #INPUT}. */
  static final String OUTPUT = "output";

  static final String LEAF = ".leaf";

  /** Which of input and output is not wholly in the index. */
  static final String PARTLY = "partly";

  /** Where its records are: a partition, and two offsets in it. */
  static final String PLACE_PARTITION = "placePartition";

  static final String PLACE_FIRST = "placeFirst";
  static final String PLACE_LAST = "placeLast";

  private Fields() {}
}
