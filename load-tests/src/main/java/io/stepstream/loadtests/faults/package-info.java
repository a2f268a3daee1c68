/**
 * Chaos: brokers, coordinators with their API, and workers as processes of one machine, a workload
 * whose every end is known beforehand, faults that come while it runs, and one checker that reads
 * what is left on the topics.
 *
 * <p>Invariants. What is checked is what anybody could read: committed records, answers of the API,
 * and the workers' own books. A run is drawn from a seed, which is printed; the machine's
 * scheduling isn't, so a seed repeats what was done and not what came of it. Nothing outlives a
 * run: children end with their parent, also when that is killed.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.loadtests.faults;
