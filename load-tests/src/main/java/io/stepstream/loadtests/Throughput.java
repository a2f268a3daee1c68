package io.stepstream.loadtests;

/**
 * @param ended executions within the window
 * @param cpuSecondsPerThousand of all processes together: broker, coordinator, worker, generator
 */
record Throughput(long ended, double perSecond, double cpuSecondsPerThousand) {}
