/**
 * Where spans of executions belong: contexts in the W3C's and X-Ray's forms, and ids that follow
 * from an execution's ARN and its history (ADR 0066), so that whoever knows these two agrees on
 * them without asking anybody.
 */
@NullMarked
package io.stepstream.schemas.tracing;

import org.jspecify.annotations.NullMarked;
