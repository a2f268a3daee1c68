package io.stepstream.loadtests;

/**
 * What was so at a moment of a run.
 *
 * @param seconds since the beginning
 * @param rate of starts per second
 * @param backlog as the metric tells it
 * @param wanted by the autoscaler
 * @param workers that are ready
 * @param started so far
 */
record AutoscaleSample(
    double seconds, double rate, double backlog, int wanted, int workers, long started) {}
