/**
 * Definitions from text: {@link io.stepstream.asl.parse.DefinitionReader} is the one entry. Each
 * state type and each concern that several types share (data flow, transitions, error handling) has
 * a parser of its own.
 *
 * <p>Invariants: a parser that can't build its part reports why and returns null; a machine is
 * handed out only if no error was reported, so a machine that exists is valid in every detail.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.parse;
