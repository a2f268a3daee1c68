/**
 * Who may do what to Kafka's resources: one table, of which the files in {@code deploy} are made.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.acl;
