package io.stepstream.loadtests;

/**
 * @param ended executions within the window
 * @param cpuSecondsPerThousand of all processes together: broker, coordinator, worker, generator
 * @param cpuShare what part of all cores they got; well below 1, something else used the machine or
 *     the run was not saturated
 * @param wirePerExecution bytes
 */
record Throughput(
    long ended,
    double perSecond,
    double cpuSecondsPerThousand,
    double cpuShare,
    WireBytes wirePerExecution) {}
