/**
 * The rules of a definition that can be told from its tree alone: which field stands where, and
 * what must fit together over the whole machine. Every rule reports to {@link
 * io.stepstream.asl.source.Problems} and goes on, so that one run tells all problems.
 *
 * <p>Rules tolerate any tree: a part of the wrong shape is the business of the parser of that part.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.validate;
