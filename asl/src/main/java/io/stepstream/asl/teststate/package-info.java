/**
 * Tests one state: the second shell around the functional core, in memory and in one go.
 *
 * <p>A test gives what AWS's TestState gives. The state runs by the engine's own code ({@link
 * io.stepstream.asl.engine.StateVisit}); here is only what a test adds to it: what may be mocked,
 * which context object is acceptable, and the form of the answer. No I/O and no clock: time, the
 * outside world and names are given.
 */
@NullMarked
package io.stepstream.asl.teststate;

import org.jspecify.annotations.NullMarked;
