/**
 * The text of a definition as a tree in which every value knows its line, its column and its path,
 * and the problems that are reported by them. JSON and YAML give equal trees.
 *
 * <p>Invariant: a tree is at most {@link io.stepstream.asl.source.SourceReader#MAX_DEPTH} levels
 * deep, so whoever walks it may recurse.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.source;
