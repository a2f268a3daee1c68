/** A state machine's definition as immutable records, with every expression compiled. */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.definition;
