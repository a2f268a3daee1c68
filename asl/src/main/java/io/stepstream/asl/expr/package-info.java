/**
 * The expressions of both query languages, compiled once when a definition is loaded and evaluated
 * against a {@link io.stepstream.asl.expr.Scope}. An expression that fails is a value, never an
 * exception.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.expr;
