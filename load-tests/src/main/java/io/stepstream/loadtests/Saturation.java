package io.stepstream.loadtests;

/**
 * What was found out about one pipeline under full load.
 *
 * @param recordsPerExecution on all topics of the pipeline, with changelogs and transaction markers
 * @param diskPerExecution how much more there was when all was quiet
 */
record Saturation(Windows windows, double recordsPerExecution, DiskBytes diskPerExecution) {

  Throughput throughput() {
    return windows.median();
  }
}
