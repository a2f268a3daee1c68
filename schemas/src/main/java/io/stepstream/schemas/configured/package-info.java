/**
 * JSON files of the configuration, for whoever runs a part of Stepstream: read strictly, since a
 * misspelt member would be missing where it matters, and read again when they change.
 *
 * <p>Invariants: a file that can't be used at the start stops the start; one that can't be used any
 * more leaves what it said before. No message holds what a file says.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.configured;
