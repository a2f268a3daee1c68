/**
 * The task handlers of the database backup example. A backup's file is named after its table, so a
 * backup that is repeated replaces itself.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.backups;
